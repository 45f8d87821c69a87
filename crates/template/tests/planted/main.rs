//! Made-up sites with planted chrome, a knob for each way in which learning may fail: how much of the chrome goes and
//! how much content is lost, with learning off and on. `--nocapture` prints the figures.
#![allow(clippy::print_stdout)] // figures for people

mod measure;
mod prose;
mod site;

use measure::{Figures, Form, measure};
use site::Knob;

fn all(knob: Knob, form: Form) -> (Figures, Figures) {
    let (off, on) = measure(knob, form);
    println!("{knob:?} {form:?}: off {off}, on {on}");
    (off, on)
}

#[test]
fn figures() {
    for knob in Knob::ALL {
        for form in [Form::Html, Form::Flat] {
            all(knob, form);
        }
    }
}
