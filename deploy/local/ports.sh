# Sourced by up: rejects ports that cannot be used, before anything is built or started.

# One line per port: its name, the first port of its range, the port.
ports=

# use_ports NAME VALUE COUNT: reserves COUNT ports from VALUE on.
use_ports() {
    highest=$((65536 - $3))
    takes="but takes a port from 1 to $highest"
    [ "$3" -eq 1 ] || takes="$takes, the first of $3 in a row"
    case $2 in
        '' | 0* | *[!0-9]* | ??????*) refuse "$1 is '$2', $takes." ;;
    esac
    [ "$2" -le "$highest" ] || refuse "$1 is $2, $takes."
    port=$2
    while [ "$port" -lt $(($2 + $3)) ]; do
        other=$(echo "$ports" | sed -n "s/^\([A-Z_]*\) [0-9]* $port$/\1/p")
        [ -z "$other" ] || refuse "$other and $1 both take port $port: give each ports of its own."
        ports=$(printf '%s\n%s' "$ports" "$1 $2 $port")
        port=$((port + 1))
    done
}

# Rejects a port that another process uses.
refuse_taken_ports() {
    listening=" $(listening_ports | tr '\n' ' ')"
    echo "$ports" | while read -r name first port; do
        case $listening in
            *" $(printf %04X "${port:-0}") "*)
                if [ "$first" -le 50000 ]; then another=$((first + 10000)); else another=$((first - 10000)); fi
                refuse "Port $port ($name) is taken by another process: end that one, or choose another port, as in $name=$another deploy/local/up."
                ;;
        esac
    done
}

# The ports on which processes of this machine listen, in hexadecimal, one per line. Empty without /proc.
listening_ports() {
    for table in /proc/net/tcp /proc/net/tcp6; do
        [ ! -r "$table" ] ||
            sed -n 's/^ *[0-9]*: [0-9A-F]*:\([0-9A-F]\{4\}\) [0-9A-F]*:[0-9A-F]* 0A .*/\1/p' "$table"
    done
}
