//! The minimal cut sets one after another, without holding them all.

use super::cut_sets::CutSets;
use super::modules::Variable;
use super::zbdd::{NONE, UNIT};

/// No frame below.
const BOTTOM: u32 = u32::MAX;

/// What remains to be gone through once an inner module is.
#[derive(Clone, Copy)]
struct Frame {
    module: u32,
    node: u32,
    below: u32,
    /// Events that what is below takes at least.
    rest: usize,
}

/// A way not yet taken.
struct Branch {
    /// Events chosen before it.
    chosen: usize,
    /// Frames there were before it.
    frames: usize,
    at: Frame,
}

/// Goes through cut sets depth first; see [`CutSets::each`].
struct Walk<'c> {
    sets: &'c CutSets,
    most: usize,
    /// Events that a set of each node takes at least; nothing where sets of any
    /// size are wanted.
    least: Vec<Vec<usize>>,
    chosen: Vec<u32>,
    frames: Vec<Frame>,
    branches: Vec<Branch>,
}

impl CutSets {
    /// Gives each cut set of at most `most` events to `take`, which says whether
    /// to go on: positions of basic events in the fault tree, in no particular
    /// order. The sets come in the same order every time.
    pub fn each(&self, most: usize, mut take: impl FnMut(&[u32]) -> bool) {
        let Some(top) = self.modules.len().checked_sub(1) else {
            if self.certain {
                take(&[]);
            }
            return;
        };
        let mut walk = Walk {
            sets: self,
            most,
            least: if most == usize::MAX {
                Vec::new()
            } else {
                self.least()
            },
            chosen: Vec::new(),
            frames: Vec::new(),
            branches: Vec::new(),
        };
        let mut at = Some(Frame {
            module: top as u32,
            node: self.modules[top].root,
            below: BOTTOM,
            rest: 0,
        });
        while let Some(frame) = at {
            at = match walk.step(frame) {
                Step::To(next) => Some(next),
                Step::Set if !take(&walk.chosen) => None,
                Step::Set | Step::Nothing => walk.back(),
            };
        }
    }
}

enum Step {
    /// On to there.
    To(Frame),
    /// What is chosen is a cut set.
    Set,
    /// No cut set this way.
    Nothing,
}

impl CutSets {
    /// For each node of each module, how many events its smallest set takes.
    fn least(&self) -> Vec<Vec<usize>> {
        let mut all: Vec<Vec<usize>> = Vec::with_capacity(self.modules.len());
        for module in &self.modules {
            let mut least: Vec<usize> = Vec::with_capacity(module.nodes.len());
            for (position, node) in module.nodes.iter().enumerate() {
                let taken =
                    |part: u32| all[part as usize][self.modules[part as usize].root as usize];
                least.push(match position as u32 {
                    NONE => usize::MAX,
                    UNIT => 0,
                    _ => {
                        let own = match module.variables[node.level as usize] {
                            Variable::Event(_) => 1,
                            Variable::Part(part) => taken(part),
                        };
                        let high = least[node.high as usize].saturating_add(own);
                        high.min(least[node.low as usize])
                    }
                });
            }
            all.push(least);
        }
        all
    }
}

impl Walk<'_> {
    fn least(&self, at: Frame) -> usize {
        let module = self.least.get(at.module as usize);
        module.map_or(0, |m| m[at.node as usize])
    }

    fn step(&mut self, at: Frame) -> Step {
        let fewest = self.least(at).saturating_add(self.chosen.len() + at.rest);
        if at.node == NONE || fewest > self.most {
            return Step::Nothing;
        }
        if at.node == UNIT {
            return match self.frames.get(at.below as usize) {
                Some(outer) => Step::To(*outer),
                None => Step::Set,
            };
        }
        let module = &self.sets.modules[at.module as usize];
        let node = module.nodes[at.node as usize];
        if node.low != NONE {
            self.branches.push(Branch {
                chosen: self.chosen.len(),
                frames: self.frames.len(),
                at: Frame {
                    node: node.low,
                    ..at
                },
            });
        }
        let with = Frame {
            node: node.high,
            ..at
        };
        match module.variables[node.level as usize] {
            Variable::Event(event) => {
                self.chosen.push(event);
                Step::To(with)
            }
            Variable::Part(inner) => {
                self.frames.push(with);
                Step::To(Frame {
                    module: inner,
                    node: self.sets.modules[inner as usize].root,
                    below: self.frames.len() as u32 - 1,
                    rest: at.rest.saturating_add(self.least(with)),
                })
            }
        }
    }

    /// To the way not yet taken that was passed last.
    fn back(&mut self) -> Option<Frame> {
        let branch = self.branches.pop()?;
        self.chosen.truncate(branch.chosen);
        self.frames.truncate(branch.frames);
        Some(branch.at)
    }
}
