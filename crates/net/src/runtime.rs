//! Where the tasks of an endpoint run. Owns only that choice.
//!
//! quinn spawns the driver of a connection where the connection is accepted. A server that awaits
//! its listener on a pool would so move its network to the pool; bound to a handle, every driver
//! runs where the endpoint was opened.

use std::fmt;
use std::io;
use std::net::UdpSocket;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use quinn::{AsyncTimer, AsyncUdpSocket, Runtime, TokioRuntime};
use tokio::runtime::Handle;

use crate::batch::EvenBatches;
use crate::socket::Socket;

/// quinn's tokio runtime, always the one of this handle.
pub(crate) struct OnRuntime(pub(crate) Handle);

impl Runtime for OnRuntime {
    fn new_timer(&self, at: Instant) -> Pin<Box<dyn AsyncTimer>> {
        let _entered = self.0.enter();
        TokioRuntime.new_timer(at)
    }

    fn spawn(&self, driver: Pin<Box<dyn Future<Output = ()> + Send>>) {
        self.0.spawn(driver);
    }

    fn wrap_udp_socket(&self, socket: UdpSocket) -> io::Result<Arc<dyn AsyncUdpSocket>> {
        let _entered = self.0.enter();
        Ok(EvenBatches::over(Arc::new(Socket::new(socket)?)))
    }

    fn now(&self) -> Instant {
        let _entered = self.0.enter();
        TokioRuntime.now()
    }
}

impl fmt::Debug for OnRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRuntime")
    }
}
