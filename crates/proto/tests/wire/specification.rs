//! The specification and the sources say the same: every number with its cap, every field with its
//! type, every value of every closed set. The sources are read as text, in the form that the
//! formatter gives them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use ccc_proto::Message;

#[test]
fn every_number_stands_in_the_specification_with_its_cap() {
    let specified: Vec<(String, String, String)> = specification()
        .lines()
        .filter_map(|line| {
            let cells = cells(line)?;
            cells[0].parse::<u16>().ok()?;
            let name = cells.get(1)?.strip_prefix('`')?.strip_suffix('`')?;
            // The tables of codes have no third column of this form.
            cells
                .get(2)?
                .ends_with("iB")
                .then(|| (cells[0].to_owned(), name.to_owned(), cells[2].to_owned()))
        })
        .collect();
    let known: Vec<_> = Message::NUMBERS
        .iter()
        .map(|(number, name)| {
            let cap = match Message::cap(*number) {
                bytes if bytes % (1024 * 1024) == 0 => format!("{} MiB", bytes / 1024 / 1024),
                bytes => format!("{} KiB", bytes / 1024),
            };
            (number.to_string(), (*name).to_owned(), cap)
        })
        .collect();
    assert_eq!(specified, known);
}

#[test]
fn every_body_stands_in_the_specification_field_by_field() {
    let mut specified: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut body = None;
    for line in specification().lines() {
        if let Some(name) = line.strip_prefix("#### ") {
            body = Some(name.to_owned());
            specified.insert(name.to_owned(), Vec::new());
        } else if line.starts_with("##") || line.starts_with("**") {
            body = None;
        } else if let (Some(name), Some(cells)) = (&body, cells(line))
            && cells[0].starts_with('`')
        {
            let plain = |cell: &str| cell.trim_matches('`').to_owned();
            let fields = specified.entry(name.clone()).or_default();
            fields.push((plain(cells[0]), plain(cells[1])));
        }
    }
    let known = bodies();
    assert!(known.len() > 80, "the sources read otherwise than this test thinks");
    for (name, fields) in known {
        assert_eq!(specified.get(&name), Some(&fields), "{name}");
    }
}

#[test]
fn every_value_of_every_closed_set_stands_in_the_specification() {
    let mut specified: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    let mut set = None;
    for line in specification().lines() {
        if let Some(rest) = line.strip_prefix("**`") {
            set = rest.split_once("`**:").map(|(name, _)| name.to_owned());
        } else if let (Some(name), Some(value)) = (&set, line.strip_prefix("- ")) {
            let (number, rest) = value.split_once(" `").expect("a value has a number and a name");
            let (value, _) = rest.split_once('`').expect("a name ends");
            let values = specified.entry(name.clone()).or_default();
            values.push((value.to_owned(), number.to_owned()));
        } else if line.starts_with('#') {
            set = None;
        }
    }
    let known = closed_sets();
    assert_eq!(known.len(), 37, "the sources read otherwise than this test thinks");
    assert_eq!(specified, known);
}

fn specification() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto/wire.md");
    fs::read_to_string(path).expect("the specification is there")
}

/// The cells of a row of a table.
fn cells(line: &str) -> Option<Vec<&str>> {
    let row = line.strip_prefix("| ")?.strip_suffix(" |")?;
    Some(row.split(" | ").collect())
}

fn sources() -> Vec<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = fs::read_dir(directory).expect("the sources are there");
    let paths = files.map(|file| file.expect("a directory entry").path());
    // The codec has structs of its own, which do not travel.
    let paths = paths.filter(|path| path.extension().is_some() && !path.ends_with("codec.rs"));
    paths.map(|path| fs::read_to_string(path).expect("a source is text")).collect()
}

/// Public structs with public fields, as names and types.
fn bodies() -> BTreeMap<String, Vec<(String, String)>> {
    let mut bodies = BTreeMap::new();
    for source in sources() {
        let mut lines = source.lines();
        while let Some(line) = lines.next() {
            let Some(name) =
                line.strip_prefix("pub struct ").and_then(|rest| rest.strip_suffix(" {"))
            else {
                continue;
            };
            let fields: Vec<(String, String)> = lines
                .by_ref()
                .take_while(|line| *line != "}")
                .filter_map(|line| {
                    let field = line.strip_prefix("    pub ")?.strip_suffix(',')?;
                    let (name, of) = field.split_once(": ")?;
                    Some((name.to_owned(), of.to_owned()))
                })
                .collect();
            // An error of ours has private fields and does not travel.
            if !fields.is_empty() {
                bodies.insert(name.to_owned(), fields);
            }
        }
    }
    bodies
}

/// The closed sets with their values and numbers.
fn closed_sets() -> BTreeMap<String, Vec<(String, String)>> {
    let mut sets = BTreeMap::new();
    for source in sources() {
        for block in source.split("\nnumbers! {\n").skip(1) {
            let mut set = None;
            for line in block.lines().take_while(|line| *line != "}") {
                let line = line.trim();
                if let Some(name) = line.strip_suffix(" {") {
                    set = Some(name.to_owned());
                    sets.insert(name.to_owned(), Vec::new());
                } else if let (Some(name), Some((value, number))) =
                    (&set, line.trim_end_matches(',').split_once(" = "))
                    && !line.starts_with("///")
                    && let Some(values) = sets.get_mut(name)
                {
                    values.push((value.to_owned(), number.to_owned()));
                }
            }
        }
    }
    sets
}
