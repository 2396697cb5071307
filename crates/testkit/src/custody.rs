//! Who holds the terminals of a server, as `ccc doctor --json` tells it.

use serde_json::Value;

/// One custodian.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// 0 when there is none.
    pub pid: u32,
    /// How many panes it holds.
    pub panes: u64,
}

/// All of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Custody {
    /// All three are there and hold every pane.
    pub complete: bool,
    /// How many panes there are to hold.
    pub panes: u64,
    pub server: Holder,
    pub keeper: Holder,
    pub spare: Holder,
}

impl Custody {
    /// Reads it from the report.
    pub fn read(report: &Value) -> Option<Self> {
        let custody = &report["custody"];
        let holder = |name: &str| {
            let holder = &custody[name];
            Some(Holder {
                pid: u32::try_from(holder["pid"].as_u64()?).ok()?,
                panes: holder["holds"].as_u64()?,
            })
        };
        Some(Self {
            complete: custody["complete"].as_bool()?,
            panes: custody["panes"].as_u64()?,
            server: holder("server")?,
            keeper: holder("keeper")?,
            spare: holder("spare")?,
        })
    }
}
