//! What the laws of explanations share: how their facts count, and how their rules are read.

mod compiled;
mod facts;

use cocarde_model::{Decimal, Provenance};
use cocarde_referential::eval::{Policies, Policy};

pub use compiled::compiled;
pub use facts::fact;

/// Documents establish; measurements of 0.9 and more also refute; what is declared only claims.
pub fn policies() -> Policies {
    let mut policy = Policy {
        established_by: [None; 7],
        refuted_by: [None; 7],
    };
    policy.established_by[Provenance::Documented as usize] = Some(Decimal::ZERO);
    policy.refuted_by[Provenance::Measured as usize] = Some(Decimal::new(9, 1));
    Policies::uniform(policy)
}
