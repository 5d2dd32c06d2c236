//! Reading is as good as it has to be, on a directory of labelled mail where there is one.

use std::path::PathBuf;

use it::measure::measure;

#[test]
fn the_corpus_is_read_as_well_as_it_must_be() {
    let Some(root) = std::env::var_os("NEVERSENT_CORPUS").map(PathBuf::from) else {
        println!("NEVERSENT_CORPUS is not set: nothing is measured");
        return;
    };
    let measured = measure(&root).expect("the corpus has its tables and mails");
    println!("{}{}", measured.misread.join("\n"), measured.table());
    for row in measured.rows() {
        assert!(row.is_kept(), "{}: {:.2} %, and {:?} are needed", row.what, row.tally.share(), row.bar);
    }
}
