mod clean_up;
mod double;
mod double_faults;
mod dovecot;
mod population;
