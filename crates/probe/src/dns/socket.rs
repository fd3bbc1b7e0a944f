//! UDP sockets, many datagrams a system call (`sendmmsg`, `recvmmsg`), and where several of
//! one length go to one server, as one that the system cuts up (`UDP_SEGMENT`): it then
//! walks down to the device once for all of them.

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{
    ControlMessage, MsgFlags, MultiHeaders, SockaddrStorage, recvmmsg, sendmmsg, sendmsg,
    setsockopt, sockopt,
};
use std::io::{IoSlice, IoSliceMut, Result};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::{AsFd, AsRawFd};

/// Datagrams a system call moves at most.
pub const BATCH: usize = 64;
/// Datagrams gathered at most before they leave: the more, the more of one length.
pub const GATHERED: usize = 256;
/// Room for one datagram; more than the payload size we announce.
const ROOM: usize = 2048;
/// What we ask for as each socket's receive buffer, in octets.
const RECEIVE_BUFFER: usize = 4 << 20;

struct Socket {
    udp: UdpSocket,
    connected: bool,
    v4: bool,
}

/// The sockets of a run, and the buffers their batches pass through.
pub struct Sockets {
    sockets: Vec<Socket>,
    outgoing: Outgoing,
    /// Whether the system cuts one long datagram into many; it does until it refused.
    segmenting: bool,
    incoming: Vec<u8>,
    lengths: [usize; BATCH],
    senders: [Option<SocketAddr>; BATCH],
    connected_headers: MultiHeaders<()>,
    /// Only for sending: `sendmmsg` leaves pointers to its addresses behind, that
    /// `recvmmsg` would write through.
    to_headers: MultiHeaders<SockaddrStorage>,
    /// Only for receiving, and one for each family: the system shortens the room for
    /// addresses to what the last one took.
    from_headers: [MultiHeaders<SockaddrStorage>; 2],
}

#[derive(Default)]
struct Outgoing {
    socket: u16,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    to: Vec<SocketAddr>,
    /// The datagrams by number, in the order in which they leave.
    order: Vec<u16>,
}

impl Outgoing {
    fn bytes_of(&self, i: u16) -> &[u8] {
        let i = usize::from(i);
        let start = i.checked_sub(1).and_then(|before| self.ends.get(before));
        let end = self.ends.get(i).copied().unwrap_or_default();
        &self.bytes[start.copied().unwrap_or_default()..end]
    }
}

impl Sockets {
    /// For each server in turn, `each` sockets connected to it, on ports the system draws.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn connected(servers: &[SocketAddr], each: u16) -> Result<Self> {
        let mut sockets = Vec::new();
        for server in servers {
            for _ in 0..each {
                let udp = bind(server.is_ipv4())?;
                udp.connect(server)?;
                sockets.push(Socket {
                    udp,
                    connected: true,
                    v4: server.is_ipv4(),
                });
            }
        }
        Ok(Self::of(sockets))
    }

    /// `v4` sockets for IPv4 and then `v6` for IPv6, that any server can be reached by.
    ///
    /// # Errors
    /// Whatever the system refuses.
    pub fn shared(v4: u16, v6: u16) -> Result<Self> {
        let families = (0..v4).map(|_| true).chain((0..v6).map(|_| false));
        let open = |v4| {
            Ok(Socket {
                udp: bind(v4)?,
                connected: false,
                v4,
            })
        };
        Ok(Self::of(families.map(open).collect::<Result<_>>()?))
    }

    fn of(sockets: Vec<Socket>) -> Self {
        Self {
            sockets,
            outgoing: Outgoing::default(),
            segmenting: true,
            incoming: vec![0; BATCH * ROOM],
            lengths: [0; BATCH],
            senders: [None; BATCH],
            connected_headers: MultiHeaders::preallocate(BATCH, None),
            to_headers: MultiHeaders::preallocate(BATCH, None),
            from_headers: std::array::from_fn(|_| MultiHeaders::preallocate(BATCH, None)),
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sockets.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sockets.is_empty()
    }

    /// Sends a datagram with the next batch. What cannot be sent is lost, as on the wire.
    pub fn send(&mut self, socket: u16, to: SocketAddr, bytes: &[u8]) {
        if self.outgoing.ends.len() == GATHERED || self.outgoing.socket != socket {
            self.flush();
        }
        let out = &mut self.outgoing;
        out.socket = socket;
        out.bytes.extend_from_slice(bytes);
        out.ends.push(out.bytes.len());
        out.to.push(to);
    }

    /// Sends what waits.
    pub fn flush(&mut self) {
        let mut order = std::mem::take(&mut self.outgoing.order);
        order.clear();
        order.extend(0..self.outgoing.ends.len() as u16);
        if self.sockets[usize::from(self.outgoing.socket)].connected && self.segmenting {
            self.send_alike(&mut order);
        }
        let mut left = order.as_slice();
        let mut refused = 0;
        while !left.is_empty() {
            match self.send_some(left) {
                Ok(0) => break,
                Ok(n) => left = &left[n..],
                Err(Errno::EINTR) => {}
                // The error may be one that an earlier datagram brought back (a port
                // unreachable); each is reported once, then sending works again.
                Err(_) if refused < 2 => refused += 1,
                Err(Errno::EAGAIN | Errno::ENOBUFS) if refused < 20 => {
                    refused += 1;
                    let udp = &self.sockets[usize::from(self.outgoing.socket)].udp;
                    let mut fds = [PollFd::new(udp.as_fd(), PollFlags::POLLOUT)];
                    let _ = poll(&mut fds, PollTimeout::from(5u8));
                }
                Err(_) => {
                    refused = 0;
                    left = &left[1..];
                }
            }
        }
        self.outgoing.bytes.clear();
        self.outgoing.ends.clear();
        self.outgoing.to.clear();
        self.outgoing.order = order;
    }

    /// Sends runs of datagrams of one length, each run at once; leaves in `order` what has
    /// to leave one by one.
    fn send_alike(&mut self, order: &mut Vec<u16>) {
        let out = &self.outgoing;
        order.sort_by_key(|i| out.bytes_of(*i).len());
        let fd = self.sockets[usize::from(out.socket)].udp.as_raw_fd();
        let mut alone = 0;
        let mut at = 0;
        while at < order.len() {
            let length = out.bytes_of(order[at]).len();
            let alike = order[at..].iter().take(BATCH);
            let count = alike
                .take_while(|i| out.bytes_of(**i).len() == length)
                .count();
            let run = at..at + count;
            at += count;
            if count > 1 && self.segmenting {
                let each = order[run.clone()].iter().map(|i| out.bytes_of(*i));
                let slices: Vec<IoSlice<'_>> = each.map(IoSlice::new).collect();
                let size = length as u16;
                let cut = [ControlMessage::UdpGsoSegments(&size)];
                match sendmsg::<()>(fd, &slices, &cut, MsgFlags::MSG_DONTWAIT, None) {
                    Ok(_) => continue,
                    Err(Errno::EIO | Errno::EINVAL | Errno::EOPNOTSUPP | Errno::ENOPROTOOPT) => {
                        self.segmenting = false;
                    }
                    Err(_) => {}
                }
            }
            order.copy_within(run, alone);
            alone += count;
        }
        order.truncate(alone);
    }

    /// Sends the first of these datagrams one by one; gives how many.
    fn send_some(&mut self, which: &[u16]) -> nix::Result<usize> {
        let out = &self.outgoing;
        let socket = &self.sockets[usize::from(out.socket)];
        let which = &which[..which.len().min(BATCH)];
        let bytes = |i: usize| which.get(i).map_or(&[][..], |i| out.bytes_of(*i));
        let slices: [[IoSlice<'_>; 1]; BATCH] = std::array::from_fn(|i| [IoSlice::new(bytes(i))]);
        let slices = &slices[..which.len()];
        let fd = socket.udp.as_raw_fd();
        let flags = MsgFlags::MSG_DONTWAIT;
        if socket.connected {
            let nobody = [None::<()>; BATCH];
            let to = &nobody[..which.len()];
            let sent = sendmmsg(fd, &mut self.connected_headers, slices, to, [], flags)?;
            return Ok(sent.count());
        }
        let to = which.iter().map(|i| out.to[usize::from(*i)]);
        let to: Vec<_> = to.map(|a| Some(SockaddrStorage::from(a))).collect();
        Ok(sendmmsg(fd, &mut self.to_headers, slices, &to, [], flags)?.count())
    }

    /// Receives what is there at `socket`, at most [`BATCH`]; gives how many came.
    pub fn receive(&mut self, socket: u16) -> usize {
        let socket = &self.sockets[usize::from(socket)];
        let mut rooms = self.incoming.chunks_exact_mut(ROOM);
        let mut slices: [[IoSliceMut<'_>; 1]; BATCH] =
            std::array::from_fn(|_| [IoSliceMut::new(rooms.next().unwrap_or_default())]);
        let fd = socket.udp.as_raw_fd();
        let flags = MsgFlags::MSG_DONTWAIT;
        let headers = &mut self.from_headers[usize::from(socket.v4)];
        let mut count = 0;
        let mut keep = |length: usize, flags: MsgFlags, from: Option<SocketAddr>| {
            self.lengths[count] = if flags.contains(MsgFlags::MSG_TRUNC) {
                0
            } else {
                length
            };
            self.senders[count] = from;
            count += 1;
        };
        if socket.connected {
            if let Ok(all) = recvmmsg(fd, &mut self.connected_headers, &mut slices, flags, None) {
                all.for_each(|m| keep(m.bytes, m.flags, None));
            }
        } else if let Ok(all) = recvmmsg(fd, headers, &mut slices, flags, None) {
            all.for_each(|m| keep(m.bytes, m.flags, m.address.as_ref().and_then(plain)));
        }
        count
    }

    /// The `i`th datagram of the last [`Self::receive`], and its sender where the socket
    /// is not connected.
    #[must_use]
    pub fn datagram(&self, i: usize) -> (Option<SocketAddr>, &[u8]) {
        (
            self.senders[i],
            &self.incoming[i * ROOM..][..self.lengths[i]],
        )
    }

    /// Waits until one of them has something to read, or for so many milliseconds.
    pub fn wait(&self, milliseconds: u16) {
        let fd = |s| PollFd::new(AsFd::as_fd(s), PollFlags::POLLIN);
        let mut fds: Vec<_> = self.sockets.iter().map(|s| fd(&s.udp)).collect();
        // An interruption only means that we look earlier.
        let _ = poll(&mut fds, PollTimeout::from(milliseconds));
    }
}

fn bind(v4: bool) -> Result<UdpSocket> {
    let any = if v4 {
        SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0))
    } else {
        SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0))
    };
    let udp = UdpSocket::bind(any)?;
    udp.set_nonblocking(true)?;
    // The larger buffer needs a privilege; what the system grants is good enough.
    if setsockopt(&udp, sockopt::RcvBufForce, &RECEIVE_BUFFER).is_err() {
        let _ = setsockopt(&udp, sockopt::RcvBuf, &RECEIVE_BUFFER);
    }
    Ok(udp)
}

fn plain(addr: &SockaddrStorage) -> Option<SocketAddr> {
    match (addr.as_sockaddr_in(), addr.as_sockaddr_in6()) {
        (Some(v4), _) => Some(SocketAddr::from((v4.ip(), v4.port()))),
        (_, Some(v6)) => Some(SocketAddr::from((v6.ip(), v6.port()))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// Whatever the lengths, each datagram arrives as it was given, once.
    #[test]
    fn what_is_sent_at_once_arrives_one_by_one() {
        // With room for all of them at once.
        let server = bind(true).unwrap();
        server.set_nonblocking(false).unwrap();
        server
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        let to = SocketAddr::from((Ipv4Addr::LOCALHOST, server.local_addr().unwrap().port()));
        let datagram = |i: usize| vec![i as u8; 20 + [0, 1, 0, 7, 0, 90][i % 6]];
        for segmenting in [true, false] {
            let mut sockets = Sockets::connected(&[to], 1).unwrap();
            sockets.segmenting = segmenting;
            for many in [1, 2, GATHERED + 5] {
                (0..many).for_each(|i| sockets.send(0, to, &datagram(i)));
                sockets.flush();
                let mut got: Vec<Vec<u8>> = Vec::new();
                let mut room = [0; 2048];
                while got.len() < many {
                    let (n, _) = server.recv_from(&mut room).unwrap();
                    got.push(room[..n].to_vec());
                }
                let mut sent: Vec<Vec<u8>> = (0..many).map(datagram).collect();
                got.sort();
                sent.sort();
                assert_eq!(got, sent);
            }
        }
    }
}
