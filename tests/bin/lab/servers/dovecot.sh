for user in dovecot dovenull; do
  getent passwd $user > /dev/null || echo "$user:x:1213:1213::/nonexistent:/usr/sbin/nologin" >> /etc/passwd
  getent group $user > /dev/null || echo "$user:x:1213:" >> /etc/group
done
cat > /etc/dovecot/dovecot.conf <<'END'
protocols = lmtp
listen = 127.0.0.1
ssl = no
hostname = mx.receiver.example
postmaster_address = postmaster@receiver.example
mail_location = maildir:~/Maildir
mail_plugins = quota
auth_username_format = %Ln
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = passwd
}
plugin {
  quota = maildir:User quota
}
protocol lda {
  mail_plugins = quota sieve
}
protocol lmtp {
  mail_plugins = quota sieve
}
END
postconf -e 'mailbox_command = /usr/lib/dovecot/dovecot-lda -f "$SENDER" -a "$RECIPIENT"'
