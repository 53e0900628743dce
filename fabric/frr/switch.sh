#!/bin/sh
# A switch of the light fabric: FRR routes, Linux forwards. Makes the devices that <NODE>.devices lists, starts FRR with
# <NODE>.conf, and sets up every port when its cable comes. A tenant is a network namespace inside the container: that
# works on kernels without VRF devices too.
files=/etc/srklab
node=$(hostname)
making=yes

tell() { # VALUE NAME [TENANT]: a kernel setting below net/
  if [ -n "$3" ]; then
    ip netns exec "$3" sh -c "echo $1 >/proc/sys/net/$2" 2>/dev/null
  else
    echo "$1" 2>/dev/null >"/proc/sys/net/$2"
  fi
}

forward() { # [TENANT]: forwards, hashes whole flows, and leaves a dead link at once
  tell 1 ipv4/ip_forward "$1"
  for group in all default; do
    tell 0 "ipv4/conf/$group/rp_filter" "$1"
    tell 1 "ipv4/conf/$group/ignore_routes_with_linkdown" "$1"
    tell 1 "ipv6/conf/$group/disable_ipv6" "$1"
  done
  tell 3 ipv4/fib_multipath_hash_policy "$1"
  tell "$fields" ipv4/fib_multipath_hash_fields "$1"
  # Younger kernels only; without it all switches hash alike.
  [ "$seed" = 0 ] || tell "$seed" ipv4/fib_multipath_hash_seed "$1"
}

hash() { # FIELDS SEED
  [ $making = yes ] || return 0
  fields=$1 seed=$2
  [ ! -e /etc/frr/committed.hash ] || read -r fields seed </etc/frr/committed.hash
  forward
}

loopback() { # ADDRESS [TENANT]
  [ $making = yes ] || return 0
  if [ -n "$2" ]; then ip -n "$2" address replace "$1" dev lo; else ip address replace "$1" dev lo; fi
}

tenant() { # NAME
  [ $making = yes ] || return 0
  # A container that starts again still has the name, but nothing behind it.
  [ ! -e "/run/netns/$1" ] || ip netns delete "$1" 2>/dev/null || rm -f "/run/netns/$1"
  ip netns add "$1"
  ip -n "$1" link set lo up
  forward "$1"
}

bridge() { # NAME TENANT MAC|- [ADDRESS…]
  [ $making = yes ] || return 0
  bridge=$1 tenant=$2 mac=$3
  shift 3
  ip -n "$tenant" link add "$bridge" mtu 4900 type bridge stp_state 0 forward_delay 0
  [ "$mac" = - ] || ip -n "$tenant" link set "$bridge" address "$mac"
  for address; do ip -n "$tenant" address add "$address" dev "$bridge"; done
  ip -n "$tenant" link set "$bridge" up
}

tunnel() { # VNI LOCAL BRIDGE TENANT SUPPRESS: made where the underlay is, moved to where the bridge is
  [ $making = yes ] || return 0
  ip link add "vxlan$1" mtu 4900 type vxlan id "$1" local "$2" dstport 4789 nolearning
  ip link set "vxlan$1" netns "$4"
  ip -n "$4" link set "vxlan$1" master "$3" addrgenmode none
  ip -n "$4" link set dev "vxlan$1" type bridge_slave learning off neigh_suppress "$5"
  ip -n "$4" link set "vxlan$1" up
}

unpin() { # BRIDGE TENANT
  # The kernel keeps one path for each tunnel end, so that all its flows would use one spine; a packet with a mark is
  # looked up anew. Without nft in the image it stays so: everything works, with one spine for each pair of leaves.
  [ $making = yes ] && command -v nft >/dev/null || return 0
  ip netns exec "$2" nft -f - <<RULES
table ip unpin {
  chain out { type route hook output priority 0; oifname "$1" meta mark set 1; }
  chain through { type filter hook postrouting priority 0; oifname "$1" meta mark set 1; }
}
RULES
}

plugged() { # DEVICE: true when it came since we last looked
  index=
  [ ! -e "/sys/class/net/$1/ifindex" ] || read -r index <"/sys/class/net/$1/ifindex"
  name=$(echo "$1" | tr - _)
  eval "before=\${cable_$name}"
  eval "cable_$name=\$index"
  [ -n "$index" ] && [ "$index" != "$before" ]
}

port() { # DEVICE MTU ADDRESS…: a routed port
  plugged "$1" || return 0
  device=$1 mtu=$2
  shift 2
  ip link set "$device" mtu "$mtu"
  for address; do ip address replace "$address" dev "$device"; done
  ip link set "$device" up
}

access() { # DEVICE BRIDGE TENANT: a bridged port. The cable's end stays where containerlab put it, a pair of its own leads on.
  plugged "$1" || return 0
  if ! ip link show "sw-$1" >/dev/null 2>&1; then
    ip link add "sw-$1" mtu 9500 type bridge stp_state 0 forward_delay 0 mcast_snooping 0
    ip link add "in-$1" mtu 9500 type veth peer name "$1" netns "$3" mtu 9500
    ip link set "in-$1" master "sw-$1" up
    ip link set "sw-$1" up
    ip -n "$3" link set "$1" master "$2" up
  fi
  ip link set "$1" master "sw-$1" up
}

follow() { # a bridged port's end in the tenant has a carrier as long as its cable has one: else nobody would forget who was behind it
  for end in /sys/class/net/in-*; do
    [ -e "$end" ] || continue
    cable=${end##*/in-} carrier=0 flags=0
    # A port that is switched off does not even tell that it has no carrier.
    { read -r carrier <"/sys/class/net/$cable/carrier"; } 2>/dev/null
    read -r flags <"$end/flags"
    if [ "${carrier:-0}" = 1 ]; then wanted=up; else wanted=down; fi
    if [ $((flags & 1)) = 1 ]; then is=up; else is=down; fi
    [ $wanted = $is ] || ip link set "in-$cable" $wanted
  done
}

start_frr() {
  # A number that a daemon of the container's last life had may be somebody else's now: watchfrr would kill that and wait for its end.
  rm -f /run/frr/*.pid /run/frr/*.vty
  # What was committed in the tutorial is frr.conf already, and stays until the container goes.
  [ -e /etc/frr/committed ] || install -m 640 "$files/$node.conf" /etc/frr/frr.conf
  install -m 640 "$files/daemons" /etc/frr/daemons
  install -m 640 "$files/vtysh.conf" /etc/frr/vtysh.conf
  chown -R frr:frr /etc/frr
  # Without a tenant there is no such folder, and zebra may not live through its absence.
  mkdir -p /run/netns
  bash -c '. /usr/lib/frr/frrcommon.sh && exec /usr/lib/frr/watchfrr $(daemon_list)' &
}

heed() { # mgmtd and zebra tell each other of VRFs just when vtysh brings them their lines: now and then either sends some away
  [ -r /run/frr/zebra.pid ] && read -r zebra </run/frr/zebra.pid && [ "$zebra" != "$heeded" ] || return 0
  # While watchfrr starts daemons it brings them their lines, too.
  vtysh -c 'show watchfrr' 2>/dev/null | grep -q 'phase: Idle' || return 0
  said=$(vtysh -c 'show running-config' 2>/dev/null) && [ -n "$said" ] || return 0
  missing=$(grep -E '^(no zebra| ?ip nht| vni) ' /etc/frr/frr.conf | while IFS= read -r line; do
    printf '%s\n' "$said" | grep -qxF -e "$line" || echo "$line"
  done)
  tries=$((${tries:-0} + 1))
  if [ -z "$missing" ] || [ $tries -gt 20 ]; then
    heeded=$zebra tries=0
  else
    for daemon in mgmtd zebra; do vtysh -d $daemon -b; done
  fi
}

trap 'exit 0' TERM INT
# The management network is no way through the fabric: with its default route every lost next hop would still be found.
ip route delete default 2>/dev/null
. "$files/$node.devices"
start_frr
ip -o monitor link 2>/dev/null | while read -r _; do follow; done &
making=no
while :; do
  . "$files/$node.devices"
  follow
  heed
  sleep 0.5 &
  wait $!
done
