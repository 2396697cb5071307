# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_ccc_global_optspecs
    string join \n token-file= via= h/help V/version
end

function __fish_ccc_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_ccc_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_ccc_using_subcommand
    set -l cmd (__fish_ccc_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c ccc -n "__fish_ccc_needs_command" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_needs_command" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_needs_command" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_needs_command" -s V -l version -d 'Print version'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "serve" -d 'Run the server'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "attach" -d 'Look at a session, in the full screen'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "switch" -d 'Move an attached client to another session'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "new" -d 'Make a session'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "ls" -d 'List sessions'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "rename" -d 'Rename a session'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "detach" -d 'Detach clients from a session; its programs go on'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "kill" -d 'End the programs of a session, tab or pane'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "rm" -d 'Forget an ended session or pane, with its recording'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "restart" -d 'Start again what ended, in the same place'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "tab" -d 'Make, list, select, rename, move and close tabs'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "split" -d 'Split a pane in two'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "pane" -d 'List, select, resize, swap, zoom, float, break and close panes'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "layout" -d 'Save and load the tabs and splits of a session'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "run" -d 'Run a command in a pane of its own, print its output, and end with its status'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "send" -d 'Type into a pane'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "interrupt" -d 'Interrupt what runs in a pane, as Ctrl-C does'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "capture" -d 'Print what a pane shows, or lines of its scrollback'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "tail" -d 'Print what a pane prints'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "peek" -d 'Print what a pane shows now'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "wait" -d 'Wait for something in a pane'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "resize" -d 'Fix the size of a pane\'s tab, whoever looks at it'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "events" -d 'Print what changes on the server, a JSON line each'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "control" -d 'Take commands as JSON lines on standard input, answer them on standard output'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "export" -d 'Write a recording in another form'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "rec" -d 'List recordings, look at one, check them, forget one'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "history" -d 'List the commands that ran in all panes, also in those that are gone, newest last'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "search" -d 'Search everything that panes printed, also those that are gone, the newest first'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "replay" -d 'Look at a recording as it was at any time'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "invite" -d 'Make a link by which another machine may connect'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "pair" -d 'Use a link of another machine, so that its sessions are at hand from here'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "hosts" -d 'List, add, rename and forget the machines that this one was paired with'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "who" -d 'Show who is connected, in which role, from where, and what they look at'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "stdio" -d 'Carry a connection to the server of this machine over standard input and output, for --via elsewhere'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "grant" -d 'Say what somebody may do in a session'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "role" -d 'Give somebody another role'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "revoke" -d 'End somebody\'s right to connect, a token or an open invitation'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "token" -d 'Make, list and end tokens, by which scripts connect without a key of their own'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "server" -d 'Give the server another key'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "audit" -d 'Look at what was decided about rights, and check that nobody changed it'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "doctor" -d 'Look at the server and its custody, and say what mends it'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "top" -d 'Show what panes take of the machine, and what they record'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "config" -d 'Check the configuration, or say where it lies'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "version" -d 'Print the versions of this program and of the running server'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "man" -d 'Print the manual page, or write all pages into a folder'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "keeper" -d 'The process that owns the terminals; started by the server'
complete -c ccc -n "__fish_ccc_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand serve" -l listen -d 'Listen on this address, and on this port if one is given, instead of this machine alone: every machine that reaches it may knock, and only keys that were invited are let in. It is remembered' -r
complete -c ccc -n "__fish_ccc_using_subcommand serve" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand serve" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand serve" -l daemon -d 'Go to the background once it takes connections'
complete -c ccc -n "__fish_ccc_using_subcommand serve" -l stop -d 'Stop the running server instead; programs go on in the keeper\'s custody'
complete -c ccc -n "__fish_ccc_using_subcommand serve" -l kill -d 'With --stop: end all programs too'
complete -c ccc -n "__fish_ccc_using_subcommand serve" -l auto -d 'Leave ten minutes after the last session and client'
complete -c ccc -n "__fish_ccc_using_subcommand serve" -l background -d 'Say `ready`, or why not, on standard output, and then nothing more'
complete -c ccc -n "__fish_ccc_using_subcommand serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand attach" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand attach" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand attach" -s c -l create -d 'Make the session when it does not exist'
complete -c ccc -n "__fish_ccc_using_subcommand attach" -l view -d 'Only look: send nothing, and have no say in sizes'
complete -c ccc -n "__fish_ccc_using_subcommand attach" -l steal -d 'Detach everybody else'
complete -c ccc -n "__fish_ccc_using_subcommand attach" -l no-bar -d 'Give the pane the whole screen, without the status bar'
complete -c ccc -n "__fish_ccc_using_subcommand attach" -l raw -d 'Show one pane in the terminal\'s own screen: its own scrollback and selection, and of the keys only the prefix with `d` for us'
complete -c ccc -n "__fish_ccc_using_subcommand attach" -l plain -d 'For screen readers: one pane at a time and plain text, no frames, nothing that changes by itself, and the cursor always where there is something to read'
complete -c ccc -n "__fish_ccc_using_subcommand attach" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand switch" -l client -d 'The client to move; else the one that typed last where you stand' -r
complete -c ccc -n "__fish_ccc_using_subcommand switch" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand switch" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand switch" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand switch" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand new" -s n -l name -d 'Its name' -r
complete -c ccc -n "__fish_ccc_using_subcommand new" -l ttl -d 'End it so long after its last client left' -r
complete -c ccc -n "__fish_ccc_using_subcommand new" -l size -d 'Its size while nobody looks at it' -r
complete -c ccc -n "__fish_ccc_using_subcommand new" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand new" -l cwd -d 'Start in this directory, which must exist' -r
complete -c ccc -n "__fish_ccc_using_subcommand new" -l env -d 'Set a variable of the new pane; may be given more than once' -r
complete -c ccc -n "__fish_ccc_using_subcommand new" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand new" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand new" -s d -l detached -d 'Leave it in the background and print its id'
complete -c ccc -n "__fish_ccc_using_subcommand new" -s A -l or-attach -d 'Attach to the session of that name if there is one'
complete -c ccc -n "__fish_ccc_using_subcommand new" -l no-record -d 'Keep no recording on disk'
complete -c ccc -n "__fish_ccc_using_subcommand new" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand new" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand ls" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand ls" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand ls" -l clients -d 'List the connected clients instead'
complete -c ccc -n "__fish_ccc_using_subcommand ls" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand ls" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand rename" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand rename" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand rename" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand rename" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand detach" -l client -d 'Only this client' -r
complete -c ccc -n "__fish_ccc_using_subcommand detach" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand detach" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand detach" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand detach" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand kill" -l signal -d 'Send this signal instead, by number' -r
complete -c ccc -n "__fish_ccc_using_subcommand kill" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand kill" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand kill" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand kill" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand rm" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand rm" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand rm" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand rm" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand restart" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand restart" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand restart" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand restart" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and not __fish_seen_subcommand_from new ls select rename move close help" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand tab; and not __fish_seen_subcommand_from new ls select rename move close help" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand tab; and not __fish_seen_subcommand_from new ls select rename move close help" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and not __fish_seen_subcommand_from new ls select rename move close help" -f -a "new" -d 'Make a tab'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and not __fish_seen_subcommand_from new ls select rename move close help" -f -a "ls" -d 'List the tabs of a session'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and not __fish_seen_subcommand_from new ls select rename move close help" -f -a "select" -d 'Look at a tab'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and not __fish_seen_subcommand_from new ls select rename move close help" -f -a "rename" -d 'Rename a tab'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and not __fish_seen_subcommand_from new ls select rename move close help" -f -a "move" -d 'Move a tab to another place in the bar'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and not __fish_seen_subcommand_from new ls select rename move close help" -f -a "close" -d 'Close a tab and end what runs in it'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and not __fish_seen_subcommand_from new ls select rename move close help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from new" -s n -l name -d 'Its name' -r
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from new" -l cwd -d 'Start in this directory, which must exist' -r
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from new" -l env -d 'Set a variable of the new pane; may be given more than once' -r
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from new" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from new" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from new" -s d -l detached -d 'Leave everybody where they are'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from new" -l no-record -d 'Keep no recording on disk'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from new" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from ls" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from ls" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from ls" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from select" -l client -d 'The client to move; else the one that typed last there' -r
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from select" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from select" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from select" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from select" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from rename" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from rename" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from rename" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from move" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from move" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from move" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from move" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from close" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from close" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from close" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from close" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from help" -f -a "new" -d 'Make a tab'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from help" -f -a "ls" -d 'List the tabs of a session'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from help" -f -a "select" -d 'Look at a tab'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from help" -f -a "rename" -d 'Rename a tab'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from help" -f -a "move" -d 'Move a tab to another place in the bar'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from help" -f -a "close" -d 'Close a tab and end what runs in it'
complete -c ccc -n "__fish_ccc_using_subcommand tab; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand split" -l size -d 'Size of the new pane, in cells or percent' -r
complete -c ccc -n "__fish_ccc_using_subcommand split" -l cwd -d 'Start in this directory, which must exist' -r
complete -c ccc -n "__fish_ccc_using_subcommand split" -l env -d 'Set a variable of the new pane; may be given more than once' -r
complete -c ccc -n "__fish_ccc_using_subcommand split" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand split" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand split" -s r -l right -d 'The new pane goes to the right'
complete -c ccc -n "__fish_ccc_using_subcommand split" -s d -l down -d 'The new pane goes below; this is the default'
complete -c ccc -n "__fish_ccc_using_subcommand split" -l detached -d 'Leave the focus where it is'
complete -c ccc -n "__fish_ccc_using_subcommand split" -l no-record -d 'Keep no recording on disk'
complete -c ccc -n "__fish_ccc_using_subcommand split" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand split" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and not __fish_seen_subcommand_from ls select resize swap zoom float break close help" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand pane; and not __fish_seen_subcommand_from ls select resize swap zoom float break close help" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand pane; and not __fish_seen_subcommand_from ls select resize swap zoom float break close help" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and not __fish_seen_subcommand_from ls select resize swap zoom float break close help" -f -a "ls" -d 'List panes'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and not __fish_seen_subcommand_from ls select resize swap zoom float break close help" -f -a "select" -d 'Focus a pane'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and not __fish_seen_subcommand_from ls select resize swap zoom float break close help" -f -a "resize" -d 'Move a border of a pane'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and not __fish_seen_subcommand_from ls select resize swap zoom float break close help" -f -a "swap" -d 'Swap a pane with another one'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and not __fish_seen_subcommand_from ls select resize swap zoom float break close help" -f -a "zoom" -d 'Give a pane the whole tab, or its place back'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and not __fish_seen_subcommand_from ls select resize swap zoom float break close help" -f -a "float" -d 'Let a pane float above its tab, or put it back'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and not __fish_seen_subcommand_from ls select resize swap zoom float break close help" -f -a "break" -d 'Move a pane to a tab of its own'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and not __fish_seen_subcommand_from ls select resize swap zoom float break close help" -f -a "close" -d 'Close a pane and end what runs in it'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and not __fish_seen_subcommand_from ls select resize swap zoom float break close help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from ls" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from ls" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from ls" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from select" -l client -d 'The client to move; else the one that typed last there' -r
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from select" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from select" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from select" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from select" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from resize" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from resize" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from resize" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from resize" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from swap" -l with -d 'With this one' -r
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from swap" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from swap" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from swap" -l next -d 'With the next one, which is the default'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from swap" -l previous -d 'With the one before'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from swap" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from swap" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from zoom" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from zoom" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from zoom" -l on -d 'Only ever zoom in'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from zoom" -l off -d 'Only ever zoom out'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from zoom" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from zoom" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from float" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from float" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from float" -l on -d 'Only ever let it float'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from float" -l off -d 'Only ever put it back'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from float" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from float" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from break" -s n -l name -d 'Name of the new tab' -r
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from break" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from break" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from break" -s d -l detached -d 'Leave everybody where they are'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from break" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from break" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from close" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from close" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from close" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from close" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from help" -f -a "ls" -d 'List panes'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from help" -f -a "select" -d 'Focus a pane'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from help" -f -a "resize" -d 'Move a border of a pane'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from help" -f -a "swap" -d 'Swap a pane with another one'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from help" -f -a "zoom" -d 'Give a pane the whole tab, or its place back'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from help" -f -a "float" -d 'Let a pane float above its tab, or put it back'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from help" -f -a "break" -d 'Move a pane to a tab of its own'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from help" -f -a "close" -d 'Close a pane and end what runs in it'
complete -c ccc -n "__fish_ccc_using_subcommand pane; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and not __fish_seen_subcommand_from save load preset help" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand layout; and not __fish_seen_subcommand_from save load preset help" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand layout; and not __fish_seen_subcommand_from save load preset help" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and not __fish_seen_subcommand_from save load preset help" -f -a "save" -d 'Write a session\'s tabs and splits as TOML'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and not __fish_seen_subcommand_from save load preset help" -f -a "load" -d 'Make a session by a saved layout'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and not __fish_seen_subcommand_from save load preset help" -f -a "preset" -d 'Arrange a tab by a preset, the next one when none is named'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and not __fish_seen_subcommand_from save load preset help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from save" -s o -l output -d 'Write to this file instead of standard output' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from save" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from save" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from save" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from load" -s n -l name -d 'Name of the new session' -r
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from load" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from load" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from load" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from load" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from load" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from preset" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from preset" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from preset" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from preset" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from help" -f -a "save" -d 'Write a session\'s tabs and splits as TOML'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from help" -f -a "load" -d 'Make a session by a saved layout'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from help" -f -a "preset" -d 'Arrange a tab by a preset, the next one when none is named'
complete -c ccc -n "__fish_ccc_using_subcommand layout; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand run" -l timeout -d 'Give up, and end the command, after this time' -r
complete -c ccc -n "__fish_ccc_using_subcommand run" -l size -d 'The size of the pane' -r
complete -c ccc -n "__fish_ccc_using_subcommand run" -s n -l name -d 'Name of the session that it makes' -r
complete -c ccc -n "__fish_ccc_using_subcommand run" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand run" -l cwd -d 'Start in this directory, which must exist' -r
complete -c ccc -n "__fish_ccc_using_subcommand run" -l env -d 'Set a variable of the new pane; may be given more than once' -r
complete -c ccc -n "__fish_ccc_using_subcommand run" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand run" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand run" -s i -l interactive -d 'Pass standard input on'
complete -c ccc -n "__fish_ccc_using_subcommand run" -l no-record -d 'Keep no recording on disk'
complete -c ccc -n "__fish_ccc_using_subcommand run" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand send" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand send" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand send" -l keys -d 'The text is keys, such as `C-c Up <ret>`'
complete -c ccc -n "__fish_ccc_using_subcommand send" -l paste -d 'Paste the text, bracketed if the program asks for that'
complete -c ccc -n "__fish_ccc_using_subcommand send" -l enter -d 'Press Enter after it'
complete -c ccc -n "__fish_ccc_using_subcommand send" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand send" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand interrupt" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand interrupt" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand interrupt" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand interrupt" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand capture" -l from -d 'First line: a number from 0, or negative for so many above the screen' -r
complete -c ccc -n "__fish_ccc_using_subcommand capture" -l to -d 'Last line, counted the same' -r
complete -c ccc -n "__fish_ccc_using_subcommand capture" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand capture" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand capture" -l ansi -d 'Keep colours and attributes'
complete -c ccc -n "__fish_ccc_using_subcommand capture" -l join -d 'Join lines that were wrapped only for want of width'
complete -c ccc -n "__fish_ccc_using_subcommand capture" -l redact -d 'Hide secrets that are known by their form'
complete -c ccc -n "__fish_ccc_using_subcommand capture" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand capture" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand tail" -l from -d 'Begin at this byte of the recording; else at its last 4096 bytes' -r
complete -c ccc -n "__fish_ccc_using_subcommand tail" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand tail" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand tail" -s f -l follow -d 'Go on until its program ends'
complete -c ccc -n "__fish_ccc_using_subcommand tail" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand peek" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand peek" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand peek" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand peek" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand wait" -l match -d 'Until a line, on the screen now or to come, matches this regular expression' -r
complete -c ccc -n "__fish_ccc_using_subcommand wait" -l idle -d 'Until nothing was printed for this time' -r
complete -c ccc -n "__fish_ccc_using_subcommand wait" -l since -d 'Look only at what was printed from this byte on, as `send --json` tells it' -r
complete -c ccc -n "__fish_ccc_using_subcommand wait" -l timeout -d 'Give up after this time, with status 124' -r
complete -c ccc -n "__fish_ccc_using_subcommand wait" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand wait" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand wait" -l exit -d 'Until its program ends; ends with the program\'s status'
complete -c ccc -n "__fish_ccc_using_subcommand wait" -l prompt -d 'Until the shell prompts; needs a shell that marks its prompts'
complete -c ccc -n "__fish_ccc_using_subcommand wait" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand wait" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand resize" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand resize" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand resize" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand resize" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand events" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand events" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand events" -l json -d 'Accepted for symmetry; events are always JSON'
complete -c ccc -n "__fish_ccc_using_subcommand events" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand control" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand control" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand control" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand control" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand export" -l cast -d 'An asciicast, for asciinema and its kind: v2, which all of them read, or v3' -r -f -a "v2\t''
v3\t''"
complete -c ccc -n "__fish_ccc_using_subcommand export" -l idle-limit -d 'The longest pause that a player should make; times stay what they were' -r
complete -c ccc -n "__fish_ccc_using_subcommand export" -s o -l output -d 'Write to this file instead of standard output' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand export" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand export" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand export" -l html -d 'One page that plays in a browser, from a file and without a network'
complete -c ccc -n "__fish_ccc_using_subcommand export" -l txt -d 'Plain text: every line that scrolled by, and the screen at the end'
complete -c ccc -n "__fish_ccc_using_subcommand export" -l raw -d 'The exact bytes that the pane printed; secrets are not hidden in them'
complete -c ccc -n "__fish_ccc_using_subcommand export" -l no-redact -d 'Write secrets that are known by their form as well; raw bytes always have them'
complete -c ccc -n "__fish_ccc_using_subcommand export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and not __fish_seen_subcommand_from ls info verify import pause resume forget rm help" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand rec; and not __fish_seen_subcommand_from ls info verify import pause resume forget rm help" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and not __fish_seen_subcommand_from ls info verify import pause resume forget rm help" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and not __fish_seen_subcommand_from ls info verify import pause resume forget rm help" -f -a "ls" -d 'List all recordings, also those of ended and removed sessions'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and not __fish_seen_subcommand_from ls info verify import pause resume forget rm help" -f -a "info" -d 'Say what a recording holds, or what a file of one is'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and not __fish_seen_subcommand_from ls info verify import pause resume forget rm help" -f -a "verify" -d 'Check that recordings are what was written, and name file and place of what is not'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and not __fish_seen_subcommand_from ls info verify import pause resume forget rm help" -f -a "import" -d 'Make a recording of what another tool recorded'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and not __fish_seen_subcommand_from ls info verify import pause resume forget rm help" -f -a "pause" -d 'Keep what a pane prints from the disk, until it is resumed'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and not __fish_seen_subcommand_from ls info verify import pause resume forget rm help" -f -a "resume" -d 'Record what a pane prints again'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and not __fish_seen_subcommand_from ls info verify import pause resume forget rm help" -f -a "forget" -d 'Delete a part of a recording: what was printed lately, a command, or some bytes'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and not __fish_seen_subcommand_from ls info verify import pause resume forget rm help" -f -a "rm" -d 'Delete the recording of a program that has ended'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and not __fish_seen_subcommand_from ls info verify import pause resume forget rm help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from ls" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from ls" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from ls" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from ls" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from info" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from info" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from info" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from info" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from verify" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from verify" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from verify" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from import" -l name -d 'What it is listed as; else its title, else the file\'s name' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from import" -l timing -d 'The file with the times of a typescript' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from import" -l size -d 'The size of the terminal, where the file does not tell it' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from import" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from import" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from import" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from pause" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from pause" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from pause" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from pause" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from resume" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from resume" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from resume" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from forget" -l last -d 'What was printed in this time up to now' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from forget" -l command -d 'The last command, or the one with this mark (`history --json`): its prompt, what was typed, its output' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from forget" -l from -d 'From this byte of the recording on' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from forget" -l to -d 'Up to this byte, which stays; without it to the end' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from forget" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from forget" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from forget" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from forget" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from rm" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from rm" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from rm" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from help" -f -a "ls" -d 'List all recordings, also those of ended and removed sessions'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from help" -f -a "info" -d 'Say what a recording holds, or what a file of one is'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Check that recordings are what was written, and name file and place of what is not'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from help" -f -a "import" -d 'Make a recording of what another tool recorded'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from help" -f -a "pause" -d 'Keep what a pane prints from the disk, until it is resumed'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from help" -f -a "resume" -d 'Record what a pane prints again'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from help" -f -a "forget" -d 'Delete a part of a recording: what was printed lately, a command, or some bytes'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from help" -f -a "rm" -d 'Delete the recording of a program that has ended'
complete -c ccc -n "__fish_ccc_using_subcommand rec; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand history; and not __fish_seen_subcommand_from import forget" -s s -l session -d 'Only those that ran in this session, by the name it has or had' -r
complete -c ccc -n "__fish_ccc_using_subcommand history; and not __fish_seen_subcommand_from import forget" -l cwd -d 'Only those that ran in this directory or below' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand history; and not __fish_seen_subcommand_from import forget" -l exit -d 'Only those that ended so: ok, failed, or a status' -r
complete -c ccc -n "__fish_ccc_using_subcommand history; and not __fish_seen_subcommand_from import forget" -l since -d 'Only those that began at most this long ago' -r
complete -c ccc -n "__fish_ccc_using_subcommand history; and not __fish_seen_subcommand_from import forget" -s n -l count -d 'How many at most, the newest; 0 for all' -r
complete -c ccc -n "__fish_ccc_using_subcommand history; and not __fish_seen_subcommand_from import forget" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand history; and not __fish_seen_subcommand_from import forget" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand history; and not __fish_seen_subcommand_from import forget" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand history; and not __fish_seen_subcommand_from import forget" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand history; and not __fish_seen_subcommand_from import forget" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand history; and not __fish_seen_subcommand_from import forget" -a "import" -d 'Import commands from the history of bash, zsh, fish or Atuin'
complete -c ccc -n "__fish_ccc_using_subcommand history; and not __fish_seen_subcommand_from import forget" -a "forget" -d 'Forget all imported commands that you see'
complete -c ccc -n "__fish_ccc_using_subcommand history; and __fish_seen_subcommand_from import" -l from -d 'Whose history it is' -r -f -a "bash\t''
zsh\t''
fish\t''
atuin\t''"
complete -c ccc -n "__fish_ccc_using_subcommand history; and __fish_seen_subcommand_from import" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand history; and __fish_seen_subcommand_from import" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand history; and __fish_seen_subcommand_from import" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand history; and __fish_seen_subcommand_from import" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand history; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand history; and __fish_seen_subcommand_from forget" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand history; and __fish_seen_subcommand_from forget" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand history; and __fish_seen_subcommand_from forget" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand history; and __fish_seen_subcommand_from forget" -l imported -d 'Which ones: those that were imported'
complete -c ccc -n "__fish_ccc_using_subcommand history; and __fish_seen_subcommand_from forget" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand history; and __fish_seen_subcommand_from forget" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand search" -s s -l session -d 'Only what was printed in this session, or in this pane' -r
complete -c ccc -n "__fish_ccc_using_subcommand search" -l since -d 'Only what was printed at most this long ago' -r
complete -c ccc -n "__fish_ccc_using_subcommand search" -l command -d 'Only what commands printed that contain this text' -r
complete -c ccc -n "__fish_ccc_using_subcommand search" -s C -l context -d 'Show this many lines before and after each find' -r
complete -c ccc -n "__fish_ccc_using_subcommand search" -s n -l count -d 'How many finds at most, the newest' -r
complete -c ccc -n "__fish_ccc_using_subcommand search" -l timeout -d 'End after this long with what was found; status 124' -r
complete -c ccc -n "__fish_ccc_using_subcommand search" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand search" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand search" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand search" -s e -l regex -d 'The pattern is a regular expression'
complete -c ccc -n "__fish_ccc_using_subcommand search" -l case -d 'Capitals count'
complete -c ccc -n "__fish_ccc_using_subcommand search" -s i -l ignore-case -d 'Capitals never count'
complete -c ccc -n "__fish_ccc_using_subcommand search" -l no-redact -d 'Show secrets that are known by their form as well'
complete -c ccc -n "__fish_ccc_using_subcommand search" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand search" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand replay" -l at -d 'Where to begin: start, end, 1:02:03, 90, 5m, -5m (before the end), or a date and time' -r
complete -c ccc -n "__fish_ccc_using_subcommand replay" -l speed -d 'How many times as fast: 0.25 to 16, more for as fast as it goes' -r
complete -c ccc -n "__fish_ccc_using_subcommand replay" -l idle-limit -d 'The longest time that is waited where nothing came; 0 for all of it' -r
complete -c ccc -n "__fish_ccc_using_subcommand replay" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand replay" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand replay" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand invite" -l role -d 'What the other machine may do' -r -f -a "viewer\t'Look and read, in the sessions that are granted'
operator\t'Work: type, start and end programs'
admin\t'Keep the server: say who may do what, delete recordings'"
complete -c ccc -n "__fish_ccc_using_subcommand invite" -l ttl -d 'How long the link is good' -r
complete -c ccc -n "__fish_ccc_using_subcommand invite" -l session -d 'Only for this session; may be given more than once' -r
complete -c ccc -n "__fish_ccc_using_subcommand invite" -l name -d 'What the other machine is to be called; else what it calls itself' -r
complete -c ccc -n "__fish_ccc_using_subcommand invite" -l host -d 'Where it reaches this one; may be given more than once' -r
complete -c ccc -n "__fish_ccc_using_subcommand invite" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand invite" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand invite" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand invite" -l all -d 'For every session; operators and admins see all unless --session is given'
complete -c ccc -n "__fish_ccc_using_subcommand invite" -l code -d 'A short code to be read aloud instead of a link; it lasts five minutes and one try'
complete -c ccc -n "__fish_ccc_using_subcommand invite" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand invite" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand pair" -l at -d 'With a code: where the other machine is' -r
complete -c ccc -n "__fish_ccc_using_subcommand pair" -l name -d 'What the machine is to be called here; else what it calls itself' -r
complete -c ccc -n "__fish_ccc_using_subcommand pair" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand pair" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand pair" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand pair" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and not __fish_seen_subcommand_from ls add rename rekey rm help" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and not __fish_seen_subcommand_from ls add rename rekey rm help" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and not __fish_seen_subcommand_from ls add rename rekey rm help" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and not __fish_seen_subcommand_from ls add rename rekey rm help" -f -a "ls" -d 'List them'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and not __fish_seen_subcommand_from ls add rename rekey rm help" -f -a "add" -d 'Give one another address, or one more; with its key, add one whose server knows this machine already'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and not __fish_seen_subcommand_from ls add rename rekey rm help" -f -a "rename" -d 'Give one another name'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and not __fish_seen_subcommand_from ls add rename rekey rm help" -f -a "rekey" -d 'Give this machine another key, which they all learn by the old one'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and not __fish_seen_subcommand_from ls add rename rekey rm help" -f -a "rm" -d 'Forget one; its server still knows this machine until `ccc revoke` there'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and not __fish_seen_subcommand_from ls add rename rekey rm help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from ls" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from ls" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from ls" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from add" -l server -d 'The id of the server\'s key, for one that is not known yet; `ccc version` shows it there' -r
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from add" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from add" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from add" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from rename" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from rename" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from rename" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from rekey" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from rekey" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from rekey" -l skip-unreachable -d 'Leave out those that cannot be reached: they have to be paired again'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from rekey" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from rekey" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from rm" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from rm" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from rm" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from help" -f -a "ls" -d 'List them'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from help" -f -a "add" -d 'Give one another address, or one more; with its key, add one whose server knows this machine already'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from help" -f -a "rename" -d 'Give one another name'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from help" -f -a "rekey" -d 'Give this machine another key, which they all learn by the old one'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from help" -f -a "rm" -d 'Forget one; its server still knows this machine until `ccc revoke` there'
complete -c ccc -n "__fish_ccc_using_subcommand hosts; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand who" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand who" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand who" -l all -d 'Everybody who may connect, connected or not, and the open invitations'
complete -c ccc -n "__fish_ccc_using_subcommand who" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand who" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand stdio" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand stdio" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand stdio" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand grant" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand grant" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand grant" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand grant" -l all -d 'In every session: view or none'
complete -c ccc -n "__fish_ccc_using_subcommand grant" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand grant" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand role" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand role" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand role" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand role" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand role" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand revoke" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand revoke" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand revoke" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand revoke" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand token; and not __fish_seen_subcommand_from new ls revoke help" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand token; and not __fish_seen_subcommand_from new ls revoke help" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand token; and not __fish_seen_subcommand_from new ls revoke help" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand token; and not __fish_seen_subcommand_from new ls revoke help" -f -a "new" -d 'Make a token and print it, with where the server is'
complete -c ccc -n "__fish_ccc_using_subcommand token; and not __fish_seen_subcommand_from new ls revoke help" -f -a "ls" -d 'List the tokens that are good'
complete -c ccc -n "__fish_ccc_using_subcommand token; and not __fish_seen_subcommand_from new ls revoke help" -f -a "revoke" -d 'End a token and what was begun with it'
complete -c ccc -n "__fish_ccc_using_subcommand token; and not __fish_seen_subcommand_from new ls revoke help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from new" -l role -d 'What whoever has it may do: viewer or operator' -r -f -a "viewer\t'Look and read, in the sessions that are granted'
operator\t'Work: type, start and end programs'
admin\t'Keep the server: say who may do what, delete recordings'"
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from new" -l session -d 'Only in this session; may be given more than once' -r
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from new" -l ttl -d 'How long it is good, a day at most' -r
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from new" -l uses -d 'How often it may be used; 0 for no limit' -r
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from new" -l name -d 'What it is to be called in listings and in the audit' -r
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from new" -l host -d 'Where the server is reached; may be given more than once' -r
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from new" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from new" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from new" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from new" -l all -d 'In every session; operators see all unless --session is given'
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from new" -l bare -d 'Print the token alone, for programs that know the server'
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from new" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from ls" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from ls" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from ls" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from ls" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from revoke" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from revoke" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from revoke" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from revoke" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "new" -d 'Make a token and print it, with where the server is'
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "ls" -d 'List the tokens that are good'
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'End a token and what was begun with it'
complete -c ccc -n "__fish_ccc_using_subcommand token; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand server; and not __fish_seen_subcommand_from rekey help" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand server; and not __fish_seen_subcommand_from rekey help" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand server; and not __fish_seen_subcommand_from rekey help" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand server; and not __fish_seen_subcommand_from rekey help" -f -a "rekey" -d 'Give the server another key, for which the old one vouches'
complete -c ccc -n "__fish_ccc_using_subcommand server; and not __fish_seen_subcommand_from rekey help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand server; and __fish_seen_subcommand_from rekey" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand server; and __fish_seen_subcommand_from rekey" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand server; and __fish_seen_subcommand_from rekey" -l compromised -d 'The old key may be in other hands: nothing vouches for the new one, every machine has to be paired again, and the audit begins anew'
complete -c ccc -n "__fish_ccc_using_subcommand server; and __fish_seen_subcommand_from rekey" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand server; and __fish_seen_subcommand_from rekey" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand server; and __fish_seen_subcommand_from help" -f -a "rekey" -d 'Give the server another key, for which the old one vouches'
complete -c ccc -n "__fish_ccc_using_subcommand server; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and not __fish_seen_subcommand_from query verify export help" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand audit; and not __fish_seen_subcommand_from query verify export help" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand audit; and not __fish_seen_subcommand_from query verify export help" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and not __fish_seen_subcommand_from query verify export help" -f -a "query" -d 'Show entries, oldest first'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and not __fish_seen_subcommand_from query verify export help" -f -a "verify" -d 'Check that nothing was changed, and that nothing is missing of what this machine saw before'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and not __fish_seen_subcommand_from query verify export help" -f -a "export" -d 'Write all of it, a JSON line for each record, with the bytes that are hashed and signed'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and not __fish_seen_subcommand_from query verify export help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from query" -l what -d 'Only this kind, such as connect, attach, enrol, revoke' -r
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from query" -l who -d 'Only what this one did, or what was done to this one: a name or an id' -r
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from query" -l since -d 'Only what happened in this time until now' -r
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from query" -l count -d 'The most entries, the newest; 0 for all' -r
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from query" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from query" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from query" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from query" -l denied -d 'Only what was refused'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from query" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from query" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from verify" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from verify" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from verify" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from verify" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from export" -s o -l output -d 'Write to this file instead of standard output' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from export" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from export" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from export" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "query" -d 'Show entries, oldest first'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Check that nothing was changed, and that nothing is missing of what this machine saw before'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write all of it, a JSON line for each record, with the bytes that are hashed and signed'
complete -c ccc -n "__fish_ccc_using_subcommand audit; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand doctor" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand doctor" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand doctor" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand doctor" -l rebuild-index -d 'Build the index of commands anew from what is on the disk'
complete -c ccc -n "__fish_ccc_using_subcommand doctor" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand top" -s s -l sort -d 'By what the table is sorted' -r -f -a "cpu\t''
memory\t''
rate\t''
bytes\t''
name\t''"
complete -c ccc -n "__fish_ccc_using_subcommand top" -s i -l interval -d 'How often it is refreshed' -r
complete -c ccc -n "__fish_ccc_using_subcommand top" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand top" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand top" -l once -d 'Print the table once, as it is when standard output is no terminal'
complete -c ccc -n "__fish_ccc_using_subcommand top" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand top" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand config; and not __fish_seen_subcommand_from check path help" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand config; and not __fish_seen_subcommand_from check path help" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand config; and not __fish_seen_subcommand_from check path help" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand config; and not __fish_seen_subcommand_from check path help" -f -a "check" -d 'Say what is wrong with the configuration, line by line'
complete -c ccc -n "__fish_ccc_using_subcommand config; and not __fish_seen_subcommand_from check path help" -f -a "path" -d 'Print where the configuration lies'
complete -c ccc -n "__fish_ccc_using_subcommand config; and not __fish_seen_subcommand_from check path help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand config; and __fish_seen_subcommand_from check" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand config; and __fish_seen_subcommand_from check" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand config; and __fish_seen_subcommand_from check" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand config; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand config; and __fish_seen_subcommand_from path" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand config; and __fish_seen_subcommand_from path" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand config; and __fish_seen_subcommand_from path" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand config; and __fish_seen_subcommand_from path" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "check" -d 'Say what is wrong with the configuration, line by line'
complete -c ccc -n "__fish_ccc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "path" -d 'Print where the configuration lies'
complete -c ccc -n "__fish_ccc_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand version" -l on -d 'On this host instead of this machine; `ccc hosts ls` shows the names' -r
complete -c ccc -n "__fish_ccc_using_subcommand version" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand version" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand version" -l json -d 'Print JSON instead of text'
complete -c ccc -n "__fish_ccc_using_subcommand version" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand completions" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand completions" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand completions" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand man" -l dir -d 'Write a page for each command into this folder' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand man" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand man" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand man" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand keeper" -l state -d 'The state directory' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand keeper" -l token-file -d 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe' -r -F
complete -c ccc -n "__fish_ccc_using_subcommand keeper" -l via -d 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it' -r
complete -c ccc -n "__fish_ccc_using_subcommand keeper" -l spare -d 'Hold everything, do nothing, and take over when the keeper dies'
complete -c ccc -n "__fish_ccc_using_subcommand keeper" -s h -l help -d 'Print help'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "serve" -d 'Run the server'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "attach" -d 'Look at a session, in the full screen'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "switch" -d 'Move an attached client to another session'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "new" -d 'Make a session'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "ls" -d 'List sessions'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "rename" -d 'Rename a session'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "detach" -d 'Detach clients from a session; its programs go on'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "kill" -d 'End the programs of a session, tab or pane'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "rm" -d 'Forget an ended session or pane, with its recording'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "restart" -d 'Start again what ended, in the same place'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "tab" -d 'Make, list, select, rename, move and close tabs'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "split" -d 'Split a pane in two'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "pane" -d 'List, select, resize, swap, zoom, float, break and close panes'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "layout" -d 'Save and load the tabs and splits of a session'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "run" -d 'Run a command in a pane of its own, print its output, and end with its status'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "send" -d 'Type into a pane'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "interrupt" -d 'Interrupt what runs in a pane, as Ctrl-C does'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "capture" -d 'Print what a pane shows, or lines of its scrollback'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "tail" -d 'Print what a pane prints'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "peek" -d 'Print what a pane shows now'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "wait" -d 'Wait for something in a pane'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "resize" -d 'Fix the size of a pane\'s tab, whoever looks at it'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "events" -d 'Print what changes on the server, a JSON line each'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "control" -d 'Take commands as JSON lines on standard input, answer them on standard output'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "export" -d 'Write a recording in another form'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "rec" -d 'List recordings, look at one, check them, forget one'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "history" -d 'List the commands that ran in all panes, also in those that are gone, newest last'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "search" -d 'Search everything that panes printed, also those that are gone, the newest first'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "replay" -d 'Look at a recording as it was at any time'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "invite" -d 'Make a link by which another machine may connect'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "pair" -d 'Use a link of another machine, so that its sessions are at hand from here'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "hosts" -d 'List, add, rename and forget the machines that this one was paired with'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "who" -d 'Show who is connected, in which role, from where, and what they look at'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "stdio" -d 'Carry a connection to the server of this machine over standard input and output, for --via elsewhere'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "grant" -d 'Say what somebody may do in a session'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "role" -d 'Give somebody another role'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "revoke" -d 'End somebody\'s right to connect, a token or an open invitation'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "token" -d 'Make, list and end tokens, by which scripts connect without a key of their own'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "server" -d 'Give the server another key'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "audit" -d 'Look at what was decided about rights, and check that nobody changed it'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "doctor" -d 'Look at the server and its custody, and say what mends it'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "top" -d 'Show what panes take of the machine, and what they record'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "config" -d 'Check the configuration, or say where it lies'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "version" -d 'Print the versions of this program and of the running server'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "completions" -d 'Print the completion script of a shell'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "man" -d 'Print the manual page, or write all pages into a folder'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "keeper" -d 'The process that owns the terminals; started by the server'
complete -c ccc -n "__fish_ccc_using_subcommand help; and not __fish_seen_subcommand_from serve attach switch new ls rename detach kill rm restart tab split pane layout run send interrupt capture tail peek wait resize events control export rec history search replay invite pair hosts who stdio grant role revoke token server audit doctor top config version completions man keeper help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from tab" -f -a "new" -d 'Make a tab'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from tab" -f -a "ls" -d 'List the tabs of a session'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from tab" -f -a "select" -d 'Look at a tab'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from tab" -f -a "rename" -d 'Rename a tab'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from tab" -f -a "move" -d 'Move a tab to another place in the bar'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from tab" -f -a "close" -d 'Close a tab and end what runs in it'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from pane" -f -a "ls" -d 'List panes'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from pane" -f -a "select" -d 'Focus a pane'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from pane" -f -a "resize" -d 'Move a border of a pane'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from pane" -f -a "swap" -d 'Swap a pane with another one'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from pane" -f -a "zoom" -d 'Give a pane the whole tab, or its place back'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from pane" -f -a "float" -d 'Let a pane float above its tab, or put it back'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from pane" -f -a "break" -d 'Move a pane to a tab of its own'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from pane" -f -a "close" -d 'Close a pane and end what runs in it'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from layout" -f -a "save" -d 'Write a session\'s tabs and splits as TOML'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from layout" -f -a "load" -d 'Make a session by a saved layout'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from layout" -f -a "preset" -d 'Arrange a tab by a preset, the next one when none is named'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from rec" -f -a "ls" -d 'List all recordings, also those of ended and removed sessions'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from rec" -f -a "info" -d 'Say what a recording holds, or what a file of one is'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from rec" -f -a "verify" -d 'Check that recordings are what was written, and name file and place of what is not'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from rec" -f -a "import" -d 'Make a recording of what another tool recorded'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from rec" -f -a "pause" -d 'Keep what a pane prints from the disk, until it is resumed'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from rec" -f -a "resume" -d 'Record what a pane prints again'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from rec" -f -a "forget" -d 'Delete a part of a recording: what was printed lately, a command, or some bytes'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from rec" -f -a "rm" -d 'Delete the recording of a program that has ended'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "import" -d 'Import commands from the history of bash, zsh, fish or Atuin'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "forget" -d 'Forget all imported commands that you see'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from hosts" -f -a "ls" -d 'List them'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from hosts" -f -a "add" -d 'Give one another address, or one more; with its key, add one whose server knows this machine already'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from hosts" -f -a "rename" -d 'Give one another name'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from hosts" -f -a "rekey" -d 'Give this machine another key, which they all learn by the old one'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from hosts" -f -a "rm" -d 'Forget one; its server still knows this machine until `ccc revoke` there'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from token" -f -a "new" -d 'Make a token and print it, with where the server is'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from token" -f -a "ls" -d 'List the tokens that are good'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from token" -f -a "revoke" -d 'End a token and what was begun with it'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from server" -f -a "rekey" -d 'Give the server another key, for which the old one vouches'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "query" -d 'Show entries, oldest first'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "verify" -d 'Check that nothing was changed, and that nothing is missing of what this machine saw before'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from audit" -f -a "export" -d 'Write all of it, a JSON line for each record, with the bytes that are hashed and signed'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "check" -d 'Say what is wrong with the configuration, line by line'
complete -c ccc -n "__fish_ccc_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "path" -d 'Print where the configuration lies'
