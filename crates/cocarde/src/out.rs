//! Printing that survives a reader who leaves, as `head` does.
//!
//! What nobody reads any more is dropped and the command goes on, so that its work is done
//! and its exit code is the verdict, whoever listens. Output that is lost for another
//! reason (a full disk) is an error.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};

/// Prints on standard output.
pub fn print(text: Arguments<'_>) {
    let mut out = std::io::stdout().lock();
    match out.write_fmt(text).and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            complain(format_args!("cocarde: {e}\n"));
            std::process::exit(crate::ERROR.into());
        }
        _ => {}
    }
}

/// Prints on standard error; where that is closed, there is nobody to tell.
pub fn complain(text: Arguments<'_>) {
    let _ = std::io::stderr().write_fmt(text);
}

// In place of the standard library's, which panic on a closed pipe.
macro_rules! print {
    ($($t:tt)*) => { $crate::out::print(format_args!($($t)*)) };
}
macro_rules! println {
    () => { $crate::out::print(format_args!("\n")) };
    ($($t:tt)*) => { $crate::out::print(format_args!("{}\n", format_args!($($t)*))) };
}
macro_rules! eprint {
    ($($t:tt)*) => { $crate::out::complain(format_args!($($t)*)) };
}
macro_rules! eprintln {
    () => { $crate::out::complain(format_args!("\n")) };
    ($($t:tt)*) => { $crate::out::complain(format_args!("{}\n", format_args!($($t)*))) };
}
