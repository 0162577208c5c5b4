//! The machines that the tests run, hosts for them, and what holds of what they leave behind: worlds that
//! are killed and simulated.

pub mod alarm;
pub mod arm;
pub mod bookings;
pub mod delivery;
pub mod drafts;
pub mod errands;
pub mod expeditions;
pub mod fragile;
pub mod in_use;
pub mod journal;
pub mod kills;
pub mod ledger;
pub mod letters;
pub mod marked;
pub mod model;
pub mod moods;
pub mod petitions;
pub mod polls;
#[cfg(target_os = "linux")]
pub mod power;
pub mod seen;
pub mod shop;
pub mod simulation;
pub mod subjects;
pub mod survey;
#[cfg(target_os = "linux")]
pub mod sweep;
#[cfg(target_os = "linux")]
pub mod trace;
pub mod trip;
pub mod voyage;
pub mod world;

pub use flows::{
    agency, alarm as alarm_machine, berth, booking as booking_machine, careless, chain, child,
    crossing, delivery as delivery_machine, document_pipeline, errand, expedition, expense,
    fragile as fragile_machine, keen, landlord, marked as marked_machine, nest, order, order_saga,
    parcel, parent, passage, petition, poll, protected_call, purchase, reader, refine_draft,
    refining, sheet, sink, smith, source, stay, subject as subject_machine,
    survey as survey_machine, tour, unberth, unpassage, unstay, voyage as voyage_machine,
};

#[allow(missing_docs)]
mod flows {
    statewright::include_flow!("flows/alarm.flow");
    statewright::include_flow!("../flows/document_agents.flow");
    statewright::include_flow!("../flows/order_saga.flow");
    statewright::include_flow!("../flows/protected_call.flow");
    statewright::include_flow!("../flows/refine_loop.flow");
    statewright::include_flow!("../flows/traffic_light.flow");
    statewright::include_flow!("flows/booking.flow");
    statewright::include_flow!("flows/order.flow");
    statewright::include_flow!("flows/subject.flow");
    statewright::include_flow!("flows/fragile.flow");
    statewright::include_flow!("flows/marked.flow");
    statewright::include_flow!("flows/delivery.flow");
    statewright::include_flow!("flows/exchange.flow");
    statewright::include_flow!("flows/errand.flow");
    statewright::include_flow!("flows/expedition.flow");
    statewright::include_flow!("flows/expense.flow");
    statewright::include_flow!("flows/family.flow");
    statewright::include_flow!("flows/household.flow");
    statewright::include_flow!("flows/petition.flow");
    statewright::include_flow!("flows/poll.flow");
    statewright::include_flow!("flows/refining.flow");
    statewright::include_flow!("flows/survey.flow");
    statewright::include_flow!("flows/tour.flow");
    statewright::include_flow!("flows/voyage.flow");
}
