//! The servers: where they are, who runs them, and which of them can be sent to.

use super::{Engine, Micros, NONE};
use crate::dns::window::Window;
use std::collections::VecDeque;
use std::net::SocketAddr;

/// A server, and the slots that wait for their turn at it.
pub(super) struct Server {
    pub addr: SocketAddr,
    pub window: Window,
    pub queue: VecDeque<u32>,
    pub next_send: Micros,
    /// Who runs it, by [`Engine::join`]'s number; `NONE` if nobody said.
    pub operator: u32,
    pub turn: u16,
    /// Whether it stands in `ready` or in `paced`.
    pub listed: bool,
}

impl Engine {
    pub(super) fn add_server(&mut self, addr: SocketAddr) -> u32 {
        let index = self.servers.len() as u32;
        let window = Window::new(self.settings.window, self.settings.largest_window);
        let queue = VecDeque::new();
        self.servers.push(Server {
            addr,
            window,
            queue,
            next_send: 0,
            operator: NONE,
            turn: 0,
            listed: false,
        });
        self.by_addr.insert(addr, index);
        index
    }

    /// The server at `addr`, new or known.
    pub fn server(&mut self, addr: SocketAddr) -> u32 {
        match self.by_addr.get(&addr) {
            Some(&index) => index,
            None => self.add_server(addr),
        }
    }

    /// Says who runs a server: operators are numbered by the caller, from 0 and without
    /// gaps. The first word stands.
    pub fn join(&mut self, server: u32, operator: u32) {
        let s = &mut self.servers[server as usize];
        if s.operator == NONE {
            s.operator = operator;
            if self.operators.len() <= operator as usize {
                self.operators.resize(operator as usize + 1, 0);
            }
        }
    }

    /// A server's address.
    #[must_use]
    pub fn address(&self, server: u32) -> SocketAddr {
        self.servers[server as usize].addr
    }

    pub(super) fn pick_resolver(&mut self) -> u32 {
        let n = self.resolvers.max(1);
        let from = self.next_resolver;
        self.next_resolver = (from + 1) % n;
        let open = |s: &u32| {
            let s = &self.servers[*s as usize];
            s.window.room() as usize > s.queue.len()
        };
        (0..n).map(|i| (from + i) % n).find(open).unwrap_or(from)
    }

    pub(super) fn list(&mut self, server: u32) {
        let s = &mut self.servers[server as usize];
        if !s.listed && !s.queue.is_empty() && s.window.is_open() {
            s.listed = true;
            self.ready.push_back(server);
        }
    }
}
