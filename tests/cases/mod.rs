mod clean_up;
mod cut_off_restore;
mod double;
mod double_faults;
mod dovecot;
mod population;
