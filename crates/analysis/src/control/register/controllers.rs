//! Ultimate controllers over a whole register.

use super::Register;
use std::collections::{HashMap, VecDeque};

/// Units of a vote share: sums of votes are compared with half exactly.
const UNITS: f64 = 1e9;

impl Register {
    /// For every entity, who controls it in the last resort by the majority of
    /// votes (shares count as votes), itself when nobody does. Entities that
    /// control one another answer with one of them, the same for all.
    ///
    /// Whoever is controlled brings all that it controls, so that groups only
    /// merge: each entity belongs to the group of one head, and a company joins
    /// when the votes of one group in it pass half. Groups are merged smaller
    /// into larger: the work is that of sorting the relations.
    pub fn ultimate_controllers(&self) -> Vec<u32> {
        let n = self.len();
        let mut groups = Groups::new(self);
        let mut queue: VecDeque<(u32, u32)> = VecDeque::new();
        for held in 0..n as u32 {
            for holder in self.holders(held) {
                if groups.majority(*holder, held) {
                    queue.push_back((*holder, held));
                }
            }
        }
        while let Some((holder, held)) = queue.pop_front() {
            groups.join(holder, held, &mut queue);
        }
        (0..n as u32).map(|e| groups.head_of(e)).collect()
    }
}

struct Groups {
    /// Union–find over entities.
    parent: Vec<u32>,
    /// The controlling entity of a group, at its root.
    head: Vec<u32>,
    /// Whether somebody controls an entity.
    controlled: Vec<bool>,
    /// Companies in which a group has votes, at its root.
    holds: HashMap<u32, Vec<u32>>,
    /// Votes of a group in a company, by root and company.
    votes: HashMap<(u32, u32), u64>,
}

impl Groups {
    fn new(register: &Register) -> Groups {
        let n = register.len() as u32;
        let mut groups = Groups {
            parent: (0..n).collect(),
            head: (0..n).collect(),
            controlled: vec![false; n as usize],
            holds: HashMap::new(),
            votes: HashMap::new(),
        };
        for held in 0..n {
            for (holder, share) in register.holdings(held) {
                let units = (share * UNITS).round() as u64;
                groups.add(holder, held, units);
            }
        }
        groups
    }

    fn add(&mut self, root: u32, held: u32, units: u64) {
        let votes = self.votes.entry((root, held)).or_insert_with(|| {
            self.holds.entry(root).or_default().push(held);
            0
        });
        *votes += units;
    }

    fn root(&mut self, mut entity: u32) -> u32 {
        while self.parent[entity as usize] != entity {
            let above = self.parent[self.parent[entity as usize] as usize];
            self.parent[entity as usize] = above;
            entity = above;
        }
        entity
    }

    fn head_of(&mut self, entity: u32) -> u32 {
        let root = self.root(entity);
        self.head[root as usize]
    }

    /// Whether the group of that root has the majority in a company.
    fn majority(&self, root: u32, held: u32) -> bool {
        let votes = self.votes.get(&(root, held)).copied().unwrap_or(0);
        votes as f64 * 2.0 > UNITS
    }

    /// Brings a company, with all that it controls, under the group of `holder`.
    fn join(&mut self, holder: u32, held: u32, queue: &mut VecDeque<(u32, u32)>) {
        let above = self.root(holder);
        if self.controlled[held as usize] || !self.majority(above, held) {
            return;
        }
        self.controlled[held as usize] = true;
        let below = self.root(held);
        if above == below {
            return;
        }
        let head = self.head[above as usize];
        let size = |groups: &Groups, root| groups.holds.get(&root).map_or(0, Vec::len);
        let (keep, drop) = if size(self, above) >= size(self, below) {
            (above, below)
        } else {
            (below, above)
        };
        self.parent[drop as usize] = keep;
        self.head[keep as usize] = head;
        for company in self.holds.remove(&drop).unwrap_or_default() {
            let units = self.votes.remove(&(drop, company)).unwrap_or(0);
            self.add(keep, company, units);
            if !self.controlled[company as usize] && self.majority(keep, company) {
                queue.push_back((keep, company));
            }
        }
    }
}
