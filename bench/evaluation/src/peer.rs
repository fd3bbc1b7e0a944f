//! The peer, both ways it can evaluate: by walking the policy, and by its virtual machine.

use crate::Failed;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{CompiledPolicy, Engine, Value};
use std::path::Path;

const ENTRY: &str = "data.nfg.verdicts";

/// The criteria in Rego, compiled for both.
pub struct Peer {
    policy: CompiledPolicy,
    machine: RegoVM,
}

impl Peer {
    /// Reads `rego/criteria.rego` and the file beside it that says what its input is.
    pub fn new(input: &str, data: Value) -> Result<Peer, Failed> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rego");
        let mut engine = Engine::new();
        for file in ["criteria.rego", input] {
            engine.add_policy_from_file(folder.join(file))?;
        }
        engine.add_data(data.clone())?;
        let policy = engine.compile_with_entrypoint(&ENTRY.into())?;
        let mut machine = RegoVM::new();
        machine.load_program(Compiler::compile_from_policy(&policy, &[ENTRY])?);
        machine.set_data(data)?;
        machine.set_max_instructions(1_000_000);
        Ok(Peer { policy, machine })
    }

    /// The verdicts on each dossier, by name of the criterion.
    pub fn by_interpreter(&self, inputs: &[Value]) -> Result<Vec<Value>, Failed> {
        let one = |i: &Value| Ok(self.policy.eval_with_input(i.clone())?);
        inputs.iter().map(one).collect()
    }

    /// The same by the virtual machine.
    pub fn by_machine(&mut self, inputs: &[Value]) -> Result<Vec<Value>, Failed> {
        let mut one = |i: &Value| {
            self.machine.set_input(i.clone());
            Ok(self.machine.execute()?)
        };
        inputs.iter().map(&mut one).collect()
    }
}
