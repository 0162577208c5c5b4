//! `compat` with a store as the old machine.

use super::shop::FLOW;
use super::{Store, assert_has};
use statewright::store::Status;

#[test]
fn the_shapes_in_a_store_are_compared_with_a_machine() {
    let store = Store::new("compared");
    let engine = store.engine();
    store.submit(&engine, "paid", Status::Finished);
    store.parcel(&engine, "box");
    let compat = |flow: &str, code| store.run(&["compat", "orders.db", flow], code);

    store.flow("same.flow", FLOW);
    assert_eq!(compat("same.flow", 0).0, "Order, version 3 to 3: the same\n");

    store.flow(
        "wider.flow",
        &FLOW.replace("why: Option<String> = none", "why: Option<String> = none  tip: u64 = 0"),
    );
    let (out, err) = compat("wider.flow", 1);
    assert_has(&out, "  - context field `tip` is new, and has a default\n");
    assert_has(&err, "the shape of `Order` has changed, and it is still version 3");

    let narrower = FLOW.replace("version 3", "version 4").replace("u64", "u32");
    store.flow("narrower.flow", &narrower);
    let (out, _) = compat("narrower.flow", 0);
    assert_has(&out, "Order, version 3 to 4: needs a migration: some instances cannot go on\n");
    assert_has(&out, "  ! context field `cents` was `u64` and is `u32` now\n");

    store.flow("other.flow", &FLOW.replace("machine Order", "machine Purchase"));
    let (out, err) = compat("other.flow", 0);
    assert_eq!(out, "");
    assert_has(&err, "`Purchase` is new: `orders.db` has none");
    store.stop(engine);
}
