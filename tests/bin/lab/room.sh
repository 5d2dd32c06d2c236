# Makes the room in which one mail server runs, and runs a command there. To be run below
# `unshare --mount --pid --fork --kill-child --net --uts --ipc`, so that all of it goes when the command ends.
#
# The room is this system with the server's packages laid over it. What is written there lies in memory. It has
# a network of its own with nothing but loopback, so that every server may have port 25.
set -eu
place=$1 packages=$2 program=$3 out=$4
shift 4
mount -t tmpfs -o mode=755 lab "$place"
mkdir "$place/upper" "$place/work" "$place/root"
cp -a "$packages/." "$place/upper/"
mkdir -p "$place/upper/lab/out"
: > "$place/upper/lab/lab"
mount -t overlay -o "lowerdir=/,upperdir=$place/upper,workdir=$place/work" lab "$place/root"
cd "$place/root"
mount --bind "$program" lab/lab
mount --bind "$out" lab/out
mount -t proc lab proc
# Not the machine's own /dev: what a server writes to its log there would reach the machine's log.
mount -t tmpfs -o mode=755 lab dev
for device in null zero full random urandom tty; do
  : > "dev/$device"
  mount --bind "/dev/$device" "dev/$device"
done
ln -s /proc/self/fd dev/fd
mkdir -m 1777 dev/shm
mount -t tmpfs -o mode=755 lab run
mount -t tmpfs -o mode=1777 lab tmp

echo mx.receiver.example > proc/sys/kernel/hostname
ip link set lo up
# Addresses for documentation (RFC 5737): the server, the hosts of the rest of the world, and the forger.
for address in 198.51.100.25 192.0.2.25 192.0.2.26 192.0.2.99 203.0.113.7; do
  ip address add "$address/32" dev lo
done
rm -f etc/resolv.conf
echo 'nameserver 127.0.0.1' > etc/resolv.conf
echo mx.receiver.example > etc/hostname
echo mx.receiver.example > etc/mailname
printf '%s\n' '127.0.0.1 localhost' '198.51.100.25 mx.receiver.example mx' > etc/hosts
printf '%s\n' 'passwd: files' 'group: files' 'shadow: files' 'hosts: files dns' 'services: files' > etc/nsswitch.conf
echo 'eve:x:1201:1201::/home/eve:/bin/sh' >> etc/passwd
echo 'eve:x:1201:' >> etc/group
echo 'eve:*:19000:0:99999:7:::' >> etc/shadow
mkdir -p home/eve
chown 1201:1201 home/eve

# Not by `exec`: the first process of a room must take care of the orphans, or a server that has ended stays there as
# a zombie, and who waits for its end waits for ever.
chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C TZ=UTC "$@"
