//! The command line of Cocarde.

fn main() {}
