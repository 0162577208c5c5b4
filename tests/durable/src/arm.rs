//! Has the process killed at a point, if one is named: `POINT=name:3` when it comes there for the third
//! time.

/// Sets the point.
///
/// # Panics
/// It is not `name:number`.
#[cfg(feature = "failpoints")]
pub fn arm() {
    use std::sync::atomic::{AtomicU64, Ordering};
    let Ok(named) = std::env::var("POINT") else { return };
    let (point, nth) = named.split_once(':').expect("POINT is `name:number`");
    let nth: u64 = nth.parse().expect("POINT is `name:number`");
    let hits = AtomicU64::new(0);
    let hit = move || {
        if hits.fetch_add(1, Ordering::SeqCst) + 1 == nth {
            let this = rustix::process::getpid();
            rustix::process::kill_process(this, rustix::process::Signal::KILL)
                .expect("a process may kill itself");
        }
    };
    fail::cfg_callback(point, hit).expect("a point can be set");
}

/// Only with the feature are there points.
///
/// # Panics
/// One is named.
#[cfg(not(feature = "failpoints"))]
pub fn arm() {
    assert!(std::env::var_os("POINT").is_none(), "built without the feature `failpoints`");
}
