//! The list of all messages. Owns which number means which body, and the cap of each. A number is
//! never reused; one that is retired stays here as a comment.

use crate::codec::{DecodeError, Received, decode_exactly};
use crate::*;

/// Which cap a body has.
#[derive(Clone, Copy)]
enum Cap {
    Small,
    Input,
    Control,
    Whole,
}

impl Cap {
    const fn bytes(self) -> usize {
        match self {
            Self::Small => limits::BODY_BEFORE_HELLO,
            Self::Input => limits::INPUT_BODY,
            Self::Control => limits::CONTROL_BODY,
            Self::Whole => limits::BODY,
        }
    }
}

macro_rules! messages {
    ($($number:literal => $name:ident, $cap:ident;)*) => {
        /// Everything that travels. The variant's body is the struct of the same name.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Message {
            $($name($name),)*
        }

        impl Message {
            /// The number on the wire.
            pub const fn number(&self) -> u16 {
                match self { $(Self::$name(_) => $number,)* }
            }

            /// The name of the body.
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => stringify!($name),)* }
            }

            /// Every known number with its name, in rising order.
            pub const NUMBERS: &[(u16, &'static str)] = &[$(($number, stringify!($name)),)*];

            /// The largest body that a message of this number may have.
            pub const fn cap(number: u16) -> usize {
                match number {
                    $($number => Cap::$cap.bytes(),)*
                    _ => limits::CONTROL_BODY,
                }
            }

            pub(crate) fn encode_body(
                &self,
                out: &mut Vec<u8>,
            ) -> Result<(), bincode::error::EncodeError> {
                let config = bincode::config::standard();
                match self {
                    $(Self::$name(body) => {
                        bincode::encode_into_std_write(body, out, config).map(drop)
                    })*
                }
            }

            pub(crate) fn decode_body(number: u16, body: &[u8]) -> Result<Received, DecodeError> {
                Ok(Received::Known(match number {
                    $($number => {
                        Self::$name(decode_exactly(number, stringify!($name), body)?)
                    })*
                    other => return Ok(Received::Unknown(other)),
                }))
            }
        }

        $(impl From<$name> for Message {
            fn from(body: $name) -> Self {
                Self::$name(body)
            }
        })*
    };
}

messages! {
    // The control stream: the first one that a client opens.
    1 => Hello, Small;
    2 => Welcome, Small;
    3 => Refused, Small;
    10 => Attach, Control;
    11 => Attached, Small;
    12 => Select, Small;
    13 => Viewed, Small;
    14 => Switch, Small;
    15 => ClientSize, Small;
    16 => Detach, Small;
    17 => Detached, Small;
    18 => Layout, Control;
    19 => PaneEvent, Control;
    20 => PaneStatus, Small;
    21 => ServerNotice, Small;
    22 => ClientFacts, Small;

    // The input stream: one way, from the client.
    30 => Input, Input;
    31 => Interrupt, Small;
    // On streams of their own, each one message.
    32 => InputAgain, Small;

    // The acknowledgement stream: one way, from the client.
    40 => FrameApplied, Small;
    41 => FrameWanted, Small;

    // A stream for each frame: one way, from the server.
    50 => Frame, Whole;

    // A stream for each request.
    100 => Done, Small;
    101 => Failed, Small;
    102 => ListSessions, Small;
    103 => Sessions, Whole;
    104 => ListClients, Small;
    105 => Clients, Whole;
    106 => New, Control;
    107 => Rename, Small;
    108 => Kill, Small;
    109 => Remove, Small;
    110 => Restart, Control;
    111 => DetachClient, Small;
    112 => ListUsage, Small;
    113 => Usage, Whole;
    120 => TabNew, Control;
    121 => TabMove, Small;
    122 => SelectTarget, Small;
    123 => Split, Control;
    124 => PaneResize, Small;
    125 => PaneSwap, Small;
    126 => PaneZoom, Small;
    127 => PaneBreak, Small;
    128 => PaneClose, Small;
    129 => PresetLayout, Small;
    130 => LayoutSave, Small;
    131 => LayoutText, Control;
    132 => LayoutLoad, Control;
    133 => TabClose, Small;
    134 => PaneFloat, Small;
    140 => Send, Input;
    141 => Sent, Small;
    142 => RequestInterrupt, Small;
    143 => Capture, Small;
    144 => TextPage, Control;
    145 => Tail, Small;
    146 => Export, Small;
    147 => Chunk, Input;
    148 => ChunkEnd, Small;
    149 => Wait, Small;
    150 => Waited, Input;
    151 => ResizePane, Small;
    152 => Events, Small;
    153 => Watched, Small;
    154 => Paste, Control;
    160 => HistoryRequest, Small;
    161 => HistoryPage, Whole;
    162 => MarksRequest, Small;
    163 => MarksPage, Whole;
    164 => ImageRequest, Small;
    165 => ImagePage, Control;
    170 => Doctor, Small;
    171 => DoctorReport, Control;
    172 => StopServer, Small;
    173 => Ping, Small;
    174 => Pong, Small;
    180 => ListRecordings, Small;
    181 => Recordings, Control;
    182 => VerifyRecordings, Small;
    183 => RecordingChecked, Control;
    184 => RemoveRecording, Small;
    185 => RecordingRemoved, Control;
    190 => CommandsRequest, Small;
    191 => CommandsPage, Whole;
    192 => RebuildIndex, Small;
    193 => IndexProgress, Small;
    194 => ImportCommands, Control;
    195 => CommandsImported, Small;
    196 => ForgetImported, Small;
    197 => ImportedForgotten, Small;
    198 => CommandsSearch, Small;
    199 => CommandsFound, Whole;
    200 => ReplayRequest, Small;
    201 => ReplayInfo, Whole;
    202 => ScreenRequest, Small;
    203 => ScreenPage, Whole;
    204 => ReplayImage, Small;
    210 => SearchRequest, Small;
    211 => SearchFound, Whole;
    212 => SearchProgress, Small;
    220 => ForgetStretch, Small;
    221 => StretchForgotten, Small;
    222 => SetRecording, Small;
    223 => RecordingSet, Small;
    // The one stream of a pairing connection.
    240 => Pair, Small;
    241 => Paired, Small;
    242 => PairBegin, Small;
    243 => PairShare, Small;
    244 => PairProof, Small;
    245 => AskKeys, Small;
    246 => KeyChain, Control;
    // Who may do what.
    250 => Invite, Small;
    251 => Invited, Small;
    252 => ListPrincipals, Small;
    253 => Principals, Whole;
    254 => Grant, Small;
    255 => SetRole, Small;
    256 => Revoke, Small;
    260 => AuditRequest, Small;
    261 => AuditPage, Control;
    270 => AddKey, Small;
    271 => Rekey, Small;
    272 => Rekeyed, Small;
    // Files between the two machines.
    280 => ListFiles, Small;
    281 => Files, Control;
    282 => MakeFolder, Small;
    283 => PutFile, Small;
    284 => PartFound, Small;
    285 => GetFile, Small;
    286 => FileOpened, Small;
    287 => CopyTaken, Small;
    288 => CopyEnd, Small;
    289 => Copied, Small;
    // Connections that are carried, each on a stream of its own.
    290 => Forward, Small;
    291 => ForwardBytes, Input;
    292 => ForwardTaken, Small;
    293 => ForwardEnd, Small;
    294 => ForwardListen, Small;
    295 => ForwardListening, Small;
    296 => ForwardArrived, Small;
    297 => ForwardAccept, Small;
    298 => ForwardMore, Small;
    299 => ForwardWindow, Small;
    300 => ForwardKeeps, Small;
}
