//! The types of the program that `order_saga.flow` names.

use serde::{Deserialize, Serialize};

/// Where it goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Address(pub String);

/// What is bought, for so many cents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item(pub u64);

/// What it costs, in cents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Money(pub u64);
