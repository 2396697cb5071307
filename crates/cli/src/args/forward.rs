//! The flags of `forward`.

use ccc_client::forward::ForwardPlan;
use clap::Args;

use super::Json;

/// Lead ports of this machine to another machine, and to what it reaches
///
/// A program that listens on the other machine is then reached at a port of this one. What connects here is
/// connected there by the server, as its user. It goes on until C-c, also over a lost link: then what was
/// connected is reset, and who connects waits.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: ccc forward box 5173\n         ccc forward box 8080:3000 5432:db.internal:5432\n         ccc forward --reverse box 9222"
)]
pub(crate) struct ForwardArgs {
    /// The machine; `ccc hosts ls` shows the names
    pub(crate) host: String,
    /// PORT, PORT:REMOTE-PORT or [ADDRESS:]PORT:REMOTE-HOST:REMOTE-PORT; several may be given. Without an ADDRESS
    /// only programs of this machine are led on, with one (`*` for all) whoever reaches it. Without a
    /// REMOTE-HOST it is the machine itself
    #[arg(required = true, value_name = "FORWARD")]
    pub(crate) forwards: Vec<ForwardPlan>,
    /// The other way round: the other machine listens, on its loopback address, and what connects there is
    /// connected here, so that its programs reach what this machine reaches. REMOTE-HOST is a name of here then
    #[arg(short = 'R', long)]
    pub(crate) reverse: bool,
    /// Where the port is taken, listen on another one that is free
    #[arg(long)]
    pub(crate) any_port: bool,
    /// Tell of each connection, on standard error
    #[arg(short, long)]
    pub(crate) verbose: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}
