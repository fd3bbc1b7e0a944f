//! From questions to whole answers: by given resolvers, or by going down from the root
//! ourselves. Aliases are followed; what several questions need is asked once.
//!
//! Sans-IO like the engine: [`Resolver::prepare`] says what to ask next,
//! [`Resolver::answer`] takes what came, [`Resolver::finished`] hands out the ends.

mod iterate;
mod zones;

use super::answer::{self, Answer, MAX_CHAIN, Status};
use super::drive::Outcome;
use super::engine::{Engine, Question, Target};
use super::message::Type;
use super::name;
use crate::safety::AddressFilter;
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::rc::Rc;
use zones::{Zone, Zones};

const NONE: u32 = u32::MAX;
/// The most shared answers remembered; they are forgotten all at once.
const MAX_SHARED: usize = 1 << 16;

/// How to go down from the root.
#[derive(Clone, Debug)]
pub struct Iteration {
    /// Addresses of the root's servers.
    pub hints: Vec<SocketAddr>,
    /// The port of all other servers: 53 outside of test worlds.
    pub port: u16,
    /// Whether IPv6 reaches the world from here.
    pub ipv6: bool,
    /// Which addresses may be asked.
    pub filter: AddressFilter,
}

/// Names a question under way.
type TaskId = u32;
type Key = (Box<[u8]>, Type);

struct Task {
    /// The asker's token; `NONE` for what the resolver asks on behalf of tasks.
    token: u32,
    name: Vec<u8>,
    qtype: Type,
    tries: u8,
    /// What is known so far, once a part of the answer is.
    so_far: Option<Answer>,
    zone: Option<Rc<Zone>>,
    walk: iterate::Walk,
    /// The shared task it waits for, or `NONE`.
    waits_for: TaskId,
}

enum Shared {
    Pending { task: TaskId, waiting: Vec<TaskId> },
    Done(Rc<Answer>),
}

/// A prepared question; see [`Resolver::question`].
#[derive(Clone, Copy, Debug)]
pub struct Prepared {
    task: TaskId,
    target: Target,
    tries: u8,
}

/// The resolver; see the module's words.
pub struct Resolver {
    tasks: Vec<Task>,
    free: Vec<TaskId>,
    ready: VecDeque<TaskId>,
    finished: VecDeque<(u32, Answer)>,
    shared: HashMap<Key, Shared>,
    done: usize,
    zones: Option<Zones>,
}

impl Resolver {
    /// Leaves the work to the engine's resolvers.
    #[must_use]
    pub fn forwarding() -> Self {
        Self::with(None)
    }

    /// Goes down from the root. The engine must have no resolvers, shared sockets, and
    /// ask without recursion.
    #[must_use]
    pub fn iterating(iteration: Iteration) -> Self {
        Self::with(Some(Zones::new(iteration)))
    }

    fn with(zones: Option<Zones>) -> Self {
        Self {
            tasks: vec![],
            free: vec![],
            ready: VecDeque::new(),
            finished: VecDeque::new(),
            shared: HashMap::new(),
            done: 0,
            zones,
        }
    }

    /// How many questions are under way, those that wait for others included.
    #[must_use]
    pub fn in_hand(&self) -> usize {
        self.tasks.len() - self.free.len()
    }

    /// Takes a question: `name` in wire form and lower case, `tries` as in [`Question`].
    pub fn start(&mut self, token: u32, name: &[u8], qtype: Type, tries: u8) {
        let task = self.take(token, name, qtype, tries);
        self.ready.push_back(task);
    }

    fn take(&mut self, token: u32, name: &[u8], qtype: Type, tries: u8) -> TaskId {
        let index = self.free.pop().unwrap_or_else(|| {
            self.tasks.push(Task::empty());
            self.tasks.len() as u32 - 1
        });
        let task = &mut self.tasks[index as usize];
        task.token = token;
        task.name.clear();
        task.name.extend_from_slice(name);
        task.qtype = qtype;
        task.tries = tries;
        task.so_far = None;
        task.zone = None;
        task.walk = iterate::Walk::default();
        task.waits_for = NONE;
        index
    }

    /// The next question that can be asked now. Servers are made known to the engine.
    pub fn prepare(&mut self, engine: &mut Engine) -> Option<Prepared> {
        while let Some(task) = self.ready.pop_front() {
            if self.zones.is_some() {
                if let Some((target, tries)) = self.choose(task, engine) {
                    return Some(Prepared {
                        task,
                        target,
                        tries,
                    });
                }
                continue;
            }
            let tries = self.tasks[task as usize].tries;
            return Some(Prepared {
                task,
                target: Target::AnyResolver,
                tries,
            });
        }
        None
    }

    /// The question that was prepared, for the engine.
    #[must_use]
    pub fn question(&self, prepared: Prepared) -> Question<'_> {
        let task = &self.tasks[prepared.task as usize];
        Question {
            token: prepared.task,
            name: &task.name,
            qtype: task.qtype,
            target: prepared.target,
            tries: prepared.tries,
        }
    }

    /// Takes the engine's outcome of a question it was given.
    pub fn answer(&mut self, task: u32, outcome: Outcome<'_>) {
        if self.zones.is_some() {
            self.answer_from_zone(task, outcome);
            return;
        }
        match outcome {
            Outcome::Silence => self.finish(task, Answer::of(Status::Silence)),
            Outcome::Response { message, server } => {
                let Task { name, qtype, .. } = &self.tasks[task as usize];
                let part = answer::read(&message, server, name, *qtype, &[0]);
                self.proceed(task, part);
            }
        }
    }

    /// The end of a question: its asker's token and its answer.
    pub fn finished(&mut self) -> Option<(u32, Answer)> {
        self.finished.pop_front()
    }

    /// Ends the task with a part that is whole, or follows its last alias.
    fn proceed(&mut self, task: TaskId, part: answer::Part) {
        let Some(onward) = part.onward else {
            self.finish(task, part.answer);
            return;
        };
        let qtype = self.tasks[task as usize].qtype;
        self.tasks[task as usize].so_far = Some(part.answer);
        match self.share(task, &onward, qtype) {
            Wait::For => {}
            Wait::Done(end) => self.join(task, &end),
            Wait::Circle => self.join(task, &Answer::of(Status::Loop)),
        }
    }

    /// Has `task` wait for the shared question `name`, asked if it was not yet.
    fn share(&mut self, task: TaskId, name: &[u8], qtype: Type) -> Wait {
        let key: Key = (name.into(), qtype);
        let asked = match self.shared.get(&key) {
            Some(Shared::Done(answer)) => return Wait::Done(Rc::clone(answer)),
            Some(Shared::Pending { task: asked, .. }) => *asked,
            None => {
                let Task { tries, walk, .. } = &self.tasks[task as usize];
                let (tries, Some(walk)) = (*tries, walk.deeper()) else {
                    return Wait::Circle;
                };
                let asked = self.take(NONE, name, qtype, tries);
                self.tasks[asked as usize].walk = walk;
                self.ready.push_back(asked);
                let waiting = vec![];
                self.shared.insert(
                    key.clone(),
                    Shared::Pending {
                        task: asked,
                        waiting,
                    },
                );
                asked
            }
        };
        let mut at = asked;
        while at != NONE && at != task {
            at = self.tasks[at as usize].waits_for;
        }
        if at == task {
            return Wait::Circle;
        }
        self.tasks[task as usize].waits_for = asked;
        if let Some(Shared::Pending { waiting, .. }) = self.shared.get_mut(&key) {
            waiting.push(task);
        }
        Wait::For
    }

    /// Ends a task whose last alias has been followed to `end`.
    fn join(&mut self, task: TaskId, end: &Answer) {
        let Some(mut whole) = self.tasks[task as usize].so_far.take() else {
            self.finish(task, end.clone());
            return;
        };
        whole.status = end.status;
        whole.chain.extend(end.chain.iter().cloned());
        whole.records.clone_from(&end.records);
        whole.ttl = match (whole.ttl, end.ttl) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        whole.authentic &= end.authentic;
        if end.server.is_some() {
            (whole.server, whole.digest) = (end.server, end.digest);
        }
        if whole.chain.len() > MAX_CHAIN || end.status == Status::Loop {
            whole = answer::looped(whole);
        }
        self.finish(task, whole);
    }

    fn finish(&mut self, task: TaskId, answer: Answer) {
        let ended = &mut self.tasks[task as usize];
        ended.zone = None;
        if ended.token != NONE {
            let token = ended.token;
            self.free.push(task);
            self.finished.push_back((token, answer));
            return;
        }
        let key: Key = (ended.name.as_slice().into(), ended.qtype);
        let answer = Rc::new(answer);
        self.free.push(task);
        self.forget();
        self.done += 1;
        let before = self.shared.insert(key, Shared::Done(Rc::clone(&answer)));
        if let Some(Shared::Pending { waiting, .. }) = before {
            for waiter in waiting {
                self.tasks[waiter as usize].waits_for = NONE;
                match self.tasks[waiter as usize].so_far {
                    Some(_) => self.join(waiter, &answer),
                    None => self.host_known(waiter, &answer),
                }
            }
        }
    }

    fn forget(&mut self) {
        if self.done >= MAX_SHARED {
            self.shared
                .retain(|_, s| matches!(s, Shared::Pending { .. }));
            self.done = 0;
        }
    }
}

enum Wait {
    /// The task waits.
    For,
    /// The answer is there.
    Done(Rc<Answer>),
    /// The other one waits for this task.
    Circle,
}

impl Task {
    fn empty() -> Self {
        Self {
            token: NONE,
            name: vec![],
            qtype: Type::A,
            tries: 0,
            so_far: None,
            zone: None,
            walk: iterate::Walk::default(),
            waits_for: NONE,
        }
    }
}

/// The name one label below `zone` on the way to `name`; `None` if they are the same.
fn child<'a>(name: &'a [u8], zone: &[u8]) -> Option<&'a [u8]> {
    let mut at = name;
    while let Some(above) = name::parent(at) {
        if above.len() <= zone.len() {
            return (at.len() > zone.len()).then_some(at);
        }
        at = above;
    }
    None
}
