//! The crate as a whole, on the loopback interface and in memory.

/// Makes four tests of a function that takes a client's and a server's end; in memory with this attribute.
macro_rules! on_all {
    (in_memory: #[$in_memory:meta] $($name:ident)*) => {
        $crate::tests::on_all! { @over over_quic, pair: $($name)* }
        $crate::tests::on_all! { @over over_tcp, pair_by_tcp: $($name)* }
        $crate::tests::on_all! { @over through_a_program, pair_through_a_pipe: $($name)* }

        mod in_memory {
            $(#[$in_memory]
            async fn $name() {
                let (client, server) = $crate::memory::pair();
                server.authorize();
                super::$name(client, server).await;
            })*
        }
    };
    (@over $over:ident, $pair:ident: $($name:ident)*) => {
        mod $over {
            $(#[tokio::test]
            async fn $name() {
                let (client, server) = $crate::tests::loopback::$pair().await;
                super::$name(client, server).await;
            })*
        }
    };
}
pub(crate) use on_all;

mod by_tcp;
mod contract;
mod handshake;
pub(crate) mod line;
pub(crate) mod long;
pub(crate) mod loopback;
mod narrow;
mod restart;
pub(crate) mod road;
mod roaming;
mod strangers;
