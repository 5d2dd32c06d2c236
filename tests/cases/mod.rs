mod classify;
mod clean_up;
mod coverage;
mod double;
mod double_faults;
mod dovecot;
mod news;
mod population;
