//! The figures: collected in runs, told as medians. Owns the table for people and the lines of JSON.

use std::time::Duration;

use anyhow::Result;
use serde_json::{Value, json};

use super::stage::Contender;
use super::{Plan, machine};
use crate::percentile::percentile;

#[derive(Debug)]
struct Figure {
    name: String,
    unit: &'static str,
    contender: Contender,
    samples: Vec<f64>,
}

#[derive(Debug)]
pub(crate) struct Report {
    settings: Value,
    figures: Vec<Figure>,
}

impl Report {
    pub(crate) fn begin(plan: &Plan) -> Result<Self> {
        let mut settings = machine::describe(plan)?;
        settings["runs"] = json!(plan.runs);
        settings["quick"] = json!(plan.quick);
        settings["load_before"] = json!(machine::load());
        Ok(Self { settings, figures: Vec::new() })
    }

    /// Notes what one run measured.
    pub(crate) fn add(&mut self, name: &str, unit: &'static str, who: Contender, sample: f64) {
        let known = self.figures.iter_mut().find(|f| f.name == name && f.contender == who);
        match known {
            Some(figure) => figure.samples.push(sample),
            None => {
                let (name, samples) = (name.to_owned(), vec![sample]);
                self.figures.push(Figure { name, unit, contender: who, samples });
            }
        }
    }

    /// Notes the median and the 99th percentile of the times of one run.
    pub(crate) fn add_percentiles(&mut self, name: &str, who: Contender, times: &[Duration]) {
        for (metric, share) in [("p50", 0.5), ("p99", 0.99)] {
            let time = percentile(times, share).as_secs_f64() * 1000.0;
            self.add(&format!("{name}, {metric}"), "ms", who, time);
        }
    }

    pub(crate) fn print(mut self) -> Result<()> {
        self.settings["load_after"] = json!(machine::load());
        println!("{}", self.table());
        println!("{}", self.settings);
        for figure in &self.figures {
            let line = json!({
                "name": figure.name,
                "unit": figure.unit,
                "of": figure.contender.to_string(),
                "median": median(&figure.samples),
                "samples": figure.samples,
            });
            println!("{line}");
        }
        Ok(())
    }

    fn table(&self) -> String {
        let mut lines = vec![
            "| | unit | bare | tmux | ccc | ccc / tmux |".to_owned(),
            "|---|---|---|---|---|---|".to_owned(),
        ];
        let mut told: Vec<&str> = Vec::new();
        for figure in &self.figures {
            if told.contains(&figure.name.as_str()) {
                continue;
            }
            told.push(&figure.name);
            let of = |who| self.median_of(&figure.name, who);
            let cells: Vec<String> = Contender::ALL.map(|who| number(of(who))).into();
            let ratio = match (of(Contender::Ccc), of(Contender::Tmux)) {
                (Some(ours), Some(theirs)) if theirs > 0.0 => Some(ours / theirs),
                _ => None,
            };
            let (name, unit) = (&figure.name, figure.unit);
            lines.push(format!("| {name} | {unit} | {} | {} |", cells.join(" | "), number(ratio)));
        }
        lines.join("\n")
    }

    fn median_of(&self, name: &str, who: Contender) -> Option<f64> {
        let figure = self.figures.iter().find(|f| f.name == name && f.contender == who)?;
        Some(median(&figure.samples))
    }
}

/// The middle one; of an even number the lower of the two.
fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get(sorted.len().saturating_sub(1) / 2).copied().unwrap_or(0.0)
}

/// As many digits as mean something.
fn number(value: Option<f64>) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if value < 10.0 => format!("{value:.2}"),
        Some(value) if value < 100.0 => format!("{value:.1}"),
        Some(value) => format!("{value:.0}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{median, number};

    #[test]
    fn a_median_is_one_of_the_samples() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0]) - 1.0).abs() < f64::EPSILON);
    }

    #[test]
    fn digits_follow_the_size() {
        assert_eq!(number(Some(0.123)), "0.12");
        assert_eq!(number(Some(41.25)), "41.2");
        assert_eq!(number(Some(1234.0)), "1234");
        assert_eq!(number(None), "–");
    }
}
