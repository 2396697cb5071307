//! Commands about other machines and about who may do what here. Owns their flags.

use std::time::Duration;

use ccc_proto::{GrantLevel, WireRole};
use clap::{Args, Subcommand, ValueEnum};

use super::{Json, duration};

/// On which machine something is done.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct OnHost {
    /// On this host instead of this machine; `ccc hosts ls` shows the names
    #[arg(long, value_name = "HOST")]
    pub(crate) on: Option<String>,
}

/// What somebody may do without regard to single sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// Look and read, in the sessions that are granted
    Viewer,
    /// Work: type, start and end programs
    Operator,
    /// Keep the server: say who may do what, delete recordings
    Admin,
}

impl Role {
    pub(crate) const fn to_wire(self) -> WireRole {
        match self {
            Self::Viewer => WireRole::VIEWER,
            Self::Operator => WireRole::OPERATOR,
            Self::Admin => WireRole::ADMIN,
        }
    }
}

/// What somebody may do in one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// Look and read
    View,
    /// Type as well
    Type,
    /// Start and end programs and change the layout as well
    Own,
    /// Nothing more than the role says
    None,
}

impl Level {
    pub(crate) const fn to_wire(self) -> GrantLevel {
        match self {
            Self::View => GrantLevel::VIEW,
            Self::Type => GrantLevel::TYPE,
            Self::Own => GrantLevel::OWN,
            Self::None => GrantLevel::NONE,
        }
    }
}

/// Make a link by which another machine may connect
///
/// It is good for one machine and for a short time. Whoever has it may do what its role says: hand it on as
/// you would hand on a key.
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc invite --role viewer --session work --ttl 10m")]
pub(crate) struct InviteArgs {
    /// What the other machine may do
    #[arg(long, value_enum, default_value_t = Role::Operator)]
    pub(crate) role: Role,
    /// How long the link is good
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub(crate) ttl: Duration,
    /// Only for this session; may be given more than once
    #[arg(long, value_name = "SESSION")]
    pub(crate) session: Vec<String>,
    /// For every session; operators and admins see all unless --session is given
    #[arg(long, conflicts_with = "session")]
    pub(crate) all: bool,
    /// What the other machine is to be called; else what it calls itself
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// A short code to be read aloud instead of a link; it lasts five minutes and one try
    #[arg(long)]
    pub(crate) code: bool,
    /// Where it reaches this one; may be given more than once
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) host: Vec<String>,
    #[command(flatten)]
    pub(crate) on: OnHost,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Use a link of another machine, so that its sessions are at hand from here
#[derive(Debug, Args)]
#[command(
    after_help = "Example: ccc pair ccc://192.0.2.1:4433/… --name box\n         ccc pair - < link\n         ccc pair 417-able-zebra-marble-tango --at box.example:4433"
)]
pub(crate) struct PairArgs {
    /// The link that `ccc invite` printed there, `-` to read it from standard input; or the code, with --at
    pub(crate) link: String,
    /// With a code: where the other machine is
    #[arg(long, value_name = "ADDR:PORT")]
    pub(crate) at: Option<String>,
    /// What the machine is to be called here; else what it calls itself
    #[arg(long)]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// What can be done with the machines that this one was paired with.
#[derive(Debug, Subcommand)]
pub(crate) enum HostsCommand {
    /// List them
    #[command(after_help = "Example: ccc hosts ls --json")]
    Ls {
        #[command(flatten)]
        json: Json,
    },
    /// Give one another address, or one more; with its key, add one whose server knows this machine already
    #[command(
        after_help = "Example: ccc hosts add box box.example:4433 192.0.2.1:4433\n         ccc hosts add box --via 'ssh box ccc stdio'"
    )]
    Add {
        /// Its name
        name: String,
        /// Where it is reached, the best first: these take the place of what was known; may be left out with
        /// --via
        #[arg(required_unless_present = "via", value_name = "ADDR:PORT")]
        addresses: Vec<String>,
        /// The id of the server's key, for one that is not known yet; `ccc version` shows it there
        #[arg(long, value_name = "ID")]
        server: Option<String>,
        #[command(flatten)]
        json: Json,
    },
    /// Give one another name
    #[command(after_help = "Example: ccc hosts rename box desk")]
    Rename {
        /// Its name
        name: String,
        /// The new one
        to: String,
        #[command(flatten)]
        json: Json,
    },
    /// Give this machine another key, which they all learn by the old one
    ///
    /// The old key is good there for a day more, from when the new one first comes.
    #[command(after_help = "Example: ccc hosts rekey")]
    Rekey {
        /// Leave out those that cannot be reached: they have to be paired again
        #[arg(long)]
        skip_unreachable: bool,
        #[command(flatten)]
        json: Json,
    },
    /// Forget one; its server still knows this machine until `ccc revoke` there
    #[command(after_help = "Example: ccc hosts rm box")]
    Rm {
        /// Its name
        name: String,
        #[command(flatten)]
        json: Json,
    },
}

/// Show who is connected, in which role, from where, and what they look at
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc who\n         ccc who box/")]
pub(crate) struct WhoArgs {
    /// Only who looks at this session
    pub(crate) target: Option<String>,
    /// Everybody who may connect, connected or not, and the open invitations
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Say what somebody may do in a session
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc grant anna work type\n         ccc grant anna --all view")]
pub(crate) struct GrantArgs {
    /// Who, by name or id; `ccc who --all` shows them
    pub(crate) name: String,
    /// The session, left out with --all; then the level: view, type, own, or none
    #[arg(num_args = 1..=2, required = true, value_names = ["SESSION", "LEVEL"])]
    pub(crate) words: Vec<String>,
    /// In every session: view or none
    #[arg(long)]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) on: OnHost,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// Give somebody another role
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc role anna operator")]
pub(crate) struct RoleArgs {
    /// Who, by name or id
    pub(crate) name: String,
    /// The role
    #[arg(value_enum)]
    pub(crate) role: Role,
    #[command(flatten)]
    pub(crate) on: OnHost,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// End somebody's right to connect, a token or an open invitation
///
/// Open connections are closed, and nothing that was typed on them reaches a program any more, before this
/// command returns.
#[derive(Debug, Args)]
#[command(after_help = "Example: ccc revoke laptop")]
pub(crate) struct RevokeArgs {
    /// Who, by name or id; or the id of an invitation
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) on: OnHost,
    #[command(flatten)]
    pub(crate) json: Json,
}

/// What can be done with the audit: who connected, who was refused, who gave which right to whom.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Show entries, oldest first
    #[command(after_help = "Example: ccc audit query --denied --since 1d")]
    Query {
        /// Only this kind, such as connect, attach, enrol, revoke
        #[arg(long, value_name = "WORD")]
        what: Option<String>,
        /// Only what this one did, or what was done to this one: a name or an id
        #[arg(long, value_name = "NAME")]
        who: Option<String>,
        /// Only what happened in this time until now
        #[arg(long, value_name = "TIME", value_parser = duration)]
        since: Option<Duration>,
        /// Only what was refused
        #[arg(long)]
        denied: bool,
        /// The most entries, the newest; 0 for all
        #[arg(long, value_name = "N", default_value_t = 200)]
        count: usize,
        #[command(flatten)]
        on: OnHost,
        #[command(flatten)]
        json: Json,
    },
    /// Check that nothing was changed, and that nothing is missing of what this machine saw before
    ///
    /// Ends with status 1 when something is wrong. Run it now and then from another machine: a server that
    /// was broken into can write its whole history anew, but not change what others have seen of it. When all
    /// that follows what was seen is deleted by now, nothing ties the two together: that is status 5.
    #[command(after_help = "Example: ccc audit verify --on box")]
    Verify {
        /// Begin anew with what is there, where it cannot be tied to what this machine saw
        #[arg(long)]
        anew: bool,
        #[command(flatten)]
        on: OnHost,
        #[command(flatten)]
        json: Json,
    },
    /// Write all of it, a JSON line for each record, with the bytes that are hashed and signed
    #[command(after_help = "Example: ccc audit export -o audit.jsonl")]
    Export {
        /// Write to this file instead of standard output
        #[arg(short, long, value_name = "FILE")]
        output: Option<std::path::PathBuf>,
        #[command(flatten)]
        on: OnHost,
    },
}

/// What can be done with tokens: secrets that stand for a machine, for scripts and build jobs.
#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make a token and print it, with where the server is
    ///
    /// It is shown once and kept nowhere. Give it to a program by a file or a pipe (`--token-file`), never on a
    /// command line or in the environment, where others can read it.
    #[command(
        after_help = "Example: ccc token new --role viewer --session work --ttl 1h > token\n         ccc --token-file token ls"
    )]
    New {
        /// What whoever has it may do: viewer or operator
        #[arg(long, value_enum, default_value_t = Role::Viewer)]
        role: Role,
        /// Only in this session; may be given more than once
        #[arg(long, value_name = "SESSION")]
        session: Vec<String>,
        /// In every session; operators see all unless --session is given
        #[arg(long, conflicts_with = "session")]
        all: bool,
        /// How long it is good, a day at most
        #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
        ttl: Duration,
        /// How often it may be used; 0 for no limit
        #[arg(long, value_name = "N", default_value_t = 0)]
        uses: u32,
        /// What it is to be called in listings and in the audit
        #[arg(long)]
        name: Option<String>,
        /// Where the server is reached; may be given more than once
        #[arg(long, value_name = "ADDR:PORT")]
        host: Vec<String>,
        /// Print the token alone, for programs that know the server
        #[arg(long)]
        bare: bool,
        #[command(flatten)]
        on: OnHost,
        #[command(flatten)]
        json: Json,
    },
    /// List the tokens that are good
    #[command(after_help = "Example: ccc token ls --json")]
    Ls {
        #[command(flatten)]
        on: OnHost,
        #[command(flatten)]
        json: Json,
    },
    /// End a token and what was begun with it
    #[command(after_help = "Example: ccc token revoke nightly")]
    Revoke {
        /// Its name or id
        name: String,
        #[command(flatten)]
        on: OnHost,
        #[command(flatten)]
        json: Json,
    },
}

/// What can be done with the server itself.
#[derive(Debug, Subcommand)]
pub(crate) enum ServerCommand {
    /// Give the server another key, for which the old one vouches
    ///
    /// Machines that were paired find out by themselves, also those that are away for now. Programs go on; the
    /// server is started again with the new key.
    #[command(after_help = "Example: ccc server rekey")]
    Rekey {
        /// The old key may be in other hands: nothing vouches for the new one, every machine has to be paired
        /// again, and the audit begins anew
        #[arg(long)]
        compromised: bool,
        #[command(flatten)]
        json: Json,
    },
}
