case $1 in
setup)
  echo 'postfix:x:1211:1211::/var/spool/postfix:/usr/sbin/nologin' >> /etc/passwd
  printf '%s\n' 'postfix:x:1211:' 'postdrop:x:1212:' >> /etc/group
  # Without chroot: a daemon in one needs files of the system copied there.
  sed 's/^\([a-z0-9]*  *[a-z]*  *[-yn]  *[-yn]  *\)y/\1n/' /usr/share/postfix/master.cf.dist > /etc/postfix/master.cf
  cat > /etc/postfix/main.cf <<'END'
compatibility_level = 3.6
myhostname = mx.receiver.example
mydestination = receiver.example, mx.receiver.example
inet_interfaces = 198.51.100.25
inet_protocols = ipv4
mynetworks = 203.0.113.0/24, 198.51.100.25
# It takes whatever comes and finds out later, as a server behind a filter does.
local_recipient_maps =
alias_maps =
alias_database =
smtpd_recipient_restrictions = permit_mynetworks, reject
delay_warning_time = 4h
END
  # As the package's own installation does.
  chgrp postdrop /usr/sbin/postdrop /usr/sbin/postqueue
  chmod 2755 /usr/sbin/postdrop /usr/sbin/postqueue
  install -d -o postfix -g postfix /var/lib/postfix ;;
start) postfix start ;;
stop) postfix stop ;;
deferred) find /var/spool/postfix/deferred -type f | grep -q . ;;
queue) find /var/spool/postfix/deferred -type f ;;
flush) postqueue -f ;;
esac
