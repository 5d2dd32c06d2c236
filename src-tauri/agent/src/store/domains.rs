//! How domains lie to each other.

/// Whether one of two domains is the other or lies below it.
pub(super) fn related(one: &str, other: &str) -> bool {
    is_at_or_below(one, other) || is_at_or_below(other, one)
}

fn is_at_or_below(domain: &str, parent: &str) -> bool {
    domain
        .strip_suffix(parent)
        .is_some_and(|front| front.is_empty() || (front.ends_with('.') && parent.contains('.')))
}
