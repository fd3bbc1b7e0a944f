//! The cheapest choice of replacements with which every function that must
//! hold does, whatever event of the scenario comes.
//!
//! An implicit hitting set (Moreno-Centeno and Karp 2013): an integer program
//! chooses one option for each service at least cost; each event that still
//! brings a function down gives a least set of services that explain it, of
//! which the next choice must mend one. What brings nothing down costs least,
//! since every choice that does not break a rule found so far was weighed.

use super::network::Network;
use super::outage::{End, Outage, outages};
use microlp::{ComparisonOp, OptimizationDirection, Problem as Program, SolutionStatus, Variable};

/// Most rules before giving up.
pub const MAX_RULES: usize = 20_000;

/// One thing that can be done about a node.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its cost, in cents.
    pub cost: u64,
    /// How each event leaves the node then.
    pub outages: Vec<Option<Outage>>,
}

/// What is to be chosen.
pub struct Problem<'a> {
    /// What needs what.
    pub network: &'a Network,
    /// What can be done about each node, one of which will be; leaving it as it
    /// is among them. Nothing for nodes that cannot stop by themselves.
    pub choices: Vec<Vec<Choice>>,
    /// How many events there are.
    pub events: usize,
    /// The functions that must hold.
    pub functions: Vec<usize>,
}

/// What was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portfolio {
    /// The choice for each node that has any.
    pub chosen: Vec<Option<usize>>,
    /// What it costs, in cents.
    pub cost: u64,
}

/// Why nothing could be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Impossible {
    /// No choice survives.
    Nothing,
    /// The work limit was reached.
    Limit,
}

/// At least one of these (node, choice) pairs.
type Rule = Vec<(usize, usize)>;

/// The cheapest choice that survives every event.
///
/// # Errors
/// Where there is none, or where the work limit is reached.
pub fn cheapest(problem: &Problem<'_>) -> Result<Portfolio, Impossible> {
    let mut rules: Vec<Rule> = Vec::new();
    while rules.len() <= MAX_RULES {
        let chosen = choose(problem, &rules)?;
        let found = problem.broken(&chosen);
        if found.is_empty() {
            let cost = chosen.iter().enumerate();
            let cost = cost
                .filter_map(|(n, c)| Some(problem.choices[n][(*c)?].cost))
                .sum();
            return Ok(Portfolio { chosen, cost });
        }
        rules.extend(found);
    }
    Err(Impossible::Limit)
}

/// The cheapest choice that keeps the rules.
fn choose(problem: &Problem<'_>, rules: &[Rule]) -> Result<Vec<Option<usize>>, Impossible> {
    let mut program = Program::new(OptimizationDirection::Minimize);
    let mut variables: Vec<Vec<Variable>> = Vec::with_capacity(problem.choices.len());
    for choices in &problem.choices {
        let costs = choices.iter().map(|c| c.cost as f64);
        let of_node: Vec<Variable> = costs.map(|c| program.add_binary_var(c)).collect();
        if !of_node.is_empty() {
            let one: Vec<(Variable, f64)> = of_node.iter().map(|v| (*v, 1.0)).collect();
            program.add_constraint(&one, ComparisonOp::Eq, 1.0);
        }
        variables.push(of_node);
    }
    for rule in rules {
        if rule.is_empty() {
            return Err(Impossible::Nothing);
        }
        let one: Vec<(Variable, f64)> =
            rule.iter().map(|(n, c)| (variables[*n][*c], 1.0)).collect();
        program.add_constraint(&one, ComparisonOp::Ge, 1.0);
    }
    let solved = match program.solve() {
        Ok(outcome) => outcome.into_solution().map_err(|_| Impossible::Limit)?,
        Err(microlp::Error::Infeasible) => return Err(Impossible::Nothing),
        Err(_) => return Err(Impossible::Limit),
    };
    if solved.status() != SolutionStatus::Optimal {
        return Err(Impossible::Limit);
    }
    let chosen = |of_node: &Vec<Variable>| of_node.iter().position(|v| solved.var_value(*v) > 0.5);
    Ok(variables.iter().map(chosen).collect())
}

impl Problem<'_> {
    fn own(&self, chosen: &[Option<usize>], event: usize) -> Vec<Option<Outage>> {
        let outage = |(n, c): (usize, &Option<usize>)| self.choices[n][(*c)?].outages[event];
        chosen.iter().enumerate().map(outage).collect()
    }

    /// A rule for each event and function that a choice does not save.
    fn broken(&self, chosen: &[Option<usize>]) -> Vec<Rule> {
        let mut rules = Vec::new();
        for event in 0..self.events {
            let own = self.own(chosen, event);
            let down = outages(self.network, &own, End::Soonest);
            for function in self.functions.iter().filter(|f| down[**f].is_some()) {
                let rule = self.mend(*function, event, own.clone());
                if !rules.contains(&rule) {
                    rules.push(rule);
                }
            }
        }
        rules
    }

    /// What would mend one of a least set of outages that bring a function down.
    fn mend(&self, function: usize, event: usize, mut own: Vec<Option<Outage>>) -> Rule {
        for node in 0..own.len() {
            if let Some(outage) = own[node].take() {
                let without = outages(self.network, &own, End::Soonest);
                if without[function].is_none() {
                    own[node] = Some(outage);
                }
            }
        }
        let mut rule = Rule::new();
        for (node, outage) in own.iter().enumerate() {
            let Some(outage) = outage else { continue };
            for (c, choice) in self.choices[node].iter().enumerate() {
                let as_bad = choice.outages[event].is_some_and(|o| o.covers(outage));
                if !as_bad {
                    rule.push((node, c));
                }
            }
        }
        rule
    }
}
