//! A recorder of metrics that keeps all that it is told.

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata,
    SharedString, Unit,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// Keeps all that it is told.
#[derive(Default)]
pub(super) struct Recorder {
    all: Mutex<BTreeMap<String, Arc<Kept>>>,
    described: Mutex<BTreeSet<(String, String)>>,
}

/// What was told under a name with labels.
#[derive(Default)]
struct Kept {
    value: Mutex<f64>,
    recorded: Mutex<Vec<f64>>,
}

impl Recorder {
    pub(super) fn counter(&self, name: &str, labels: &[(&str, &str)]) -> u64 {
        self.gauge(name, labels) as u64
    }

    pub(super) fn gauge(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let kept = self.kept(name, labels);
        *kept.value.lock().expect("nobody panics")
    }

    pub(super) fn histogram(&self, name: &str, labels: &[(&str, &str)]) -> Vec<f64> {
        let kept = self.kept(name, labels);
        kept.recorded.lock().expect("nobody panics").clone()
    }

    /// The names that were described, each with its kind.
    pub(super) fn described(&self) -> BTreeSet<(String, String)> {
        self.described.lock().expect("nobody panics").clone()
    }

    fn kept(&self, name: &str, labels: &[(&str, &str)]) -> Arc<Kept> {
        let all = self.all.lock().expect("nobody panics");
        let known = || all.keys().collect::<Vec<_>>();
        let found = all.get(&place(name, labels.iter().copied()));
        Arc::clone(found.unwrap_or_else(|| panic!("no {name} {labels:?} in {:?}", known())))
    }

    fn register(&self, key: &Key) -> Arc<Kept> {
        let labels = key.labels().map(|label| (label.key(), label.value()));
        let mut all = self.all.lock().expect("nobody panics");
        Arc::clone(all.entry(place(key.name(), labels)).or_default())
    }

    fn describe(&self, name: &KeyName, kind: &str) {
        let mut described = self.described.lock().expect("nobody panics");
        described.insert((name.as_str().to_owned(), kind.to_owned()));
    }
}

fn place<'l>(name: &str, labels: impl Iterator<Item = (&'l str, &'l str)>) -> String {
    let mut labels: Vec<String> = labels.map(|(name, value)| format!("{name}={value}")).collect();
    labels.sort();
    format!("{name}{{{}}}", labels.join(","))
}

impl Kept {
    fn add(&self, value: f64) {
        *self.value.lock().expect("nobody panics") += value;
    }

    fn is_now(&self, value: f64) {
        *self.value.lock().expect("nobody panics") = value;
    }
}

impl CounterFn for Kept {
    fn increment(&self, value: u64) {
        self.add(value as f64);
    }

    fn absolute(&self, value: u64) {
        self.is_now(value as f64);
    }
}

impl GaugeFn for Kept {
    fn increment(&self, value: f64) {
        self.add(value);
    }

    fn decrement(&self, value: f64) {
        self.add(-value);
    }

    fn set(&self, value: f64) {
        self.is_now(value);
    }
}

impl HistogramFn for Kept {
    fn record(&self, value: f64) {
        self.recorded.lock().expect("nobody panics").push(value);
    }
}

impl metrics::Recorder for Recorder {
    fn describe_counter(&self, name: KeyName, _: Option<Unit>, _: SharedString) {
        self.describe(&name, "counter");
    }

    fn describe_gauge(&self, name: KeyName, _: Option<Unit>, _: SharedString) {
        self.describe(&name, "gauge");
    }

    fn describe_histogram(&self, name: KeyName, _: Option<Unit>, _: SharedString) {
        self.describe(&name, "histogram");
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.register(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.register(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.register(key))
    }
}
