mod clean_up;
mod double;
mod double_faults;
mod dovecot;
mod late_copy;
mod population;
mod power_cut;
mod put_back;
