//! Two months of three accounts, day by day; the whole year is `cargo run --release -p it --bin year`.

use it::date;
use it::year::{GENUINE, Provider, STORM, Size, TRICKLE, live};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_two_months_no_genuine_notice_is_ever_moved() {
    let year = live(Size::SHORT, 7, date::now(), |_| {}).await.expect("the agent lives through it");
    assert_eq!(year.rows.len(), 9, "three sorts of notices in three accounts");
    for (account, what, fate) in &year.rows {
        let whole = *account == Provider::Whole.name();
        match *what {
            GENUINE => assert_eq!(fate.ever_moved, 0, "{account}: genuine notices were moved"),
            TRICKLE if whole => assert!(fate.left() <= 10.0, "{account}: {fate:?} of the trickle"),
            // A storm of eight subjects is known by ten notices of each; these small ones have no more than twenty.
            STORM => {
                assert!(fate.left() <= if whole { 5.0 } else { 75.0 }, "{account}: {fate:?} of the storm")
            }
            _ => {}
        }
    }
}
