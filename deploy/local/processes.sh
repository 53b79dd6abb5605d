# Sourced by up, down and status: the folder of the local cluster, and its running processes.
home=$(cd "$(dirname "$0")/../.." && pwd)
place=$home/target/local

# One line per running process, name and process id, in the order in which they are ended. An id may have been reused by
# another process: those of this cluster have a path of this folder in their command line.
running() {
    for file in "$place"/generator/*.pid "$place"/flink/taskmanager-*.pid "$place"/flink/jobmanager*.pid \
        "$place"/zookeeper/*.pid "$place"/registry/*.pid "$place"/kafka/*.pid; do
        [ -f "$file" ] || continue
        pid=$(cat "$file")
        if tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$home/target/"; then
            echo "$(basename "$file" .pid) $pid"
        fi
    done 2>/dev/null
}
