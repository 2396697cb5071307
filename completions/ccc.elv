
use builtin;
use str;

set edit:completion:arg-completer[ccc] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'ccc'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'ccc'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand serve 'Run the server'
            cand attach 'Look at a session, in the full screen'
            cand switch 'Move an attached client to another session'
            cand new 'Make a session'
            cand ls 'List sessions'
            cand rename 'Rename a session'
            cand detach 'Detach clients from a session; its programs go on'
            cand kill 'End the programs of a session, tab or pane'
            cand rm 'Forget an ended session or pane, with its recording'
            cand restart 'Start again what ended, in the same place'
            cand tab 'Make, list, select, rename, move and close tabs'
            cand split 'Split a pane in two'
            cand pane 'List, select, resize, swap, zoom, float, break and close panes'
            cand layout 'Save and load the tabs and splits of a session'
            cand run 'Run a command in a pane of its own, print its output, and end with its status'
            cand send 'Type into a pane'
            cand interrupt 'Interrupt what runs in a pane, as Ctrl-C does'
            cand capture 'Print what a pane shows, or lines of its scrollback'
            cand tail 'Print what a pane prints'
            cand peek 'Print what a pane shows now'
            cand wait 'Wait for something in a pane'
            cand resize 'Fix the size of a pane''s tab, whoever looks at it'
            cand events 'Print what changes on the server, a JSON line each'
            cand control 'Take commands as JSON lines on standard input, answer them on standard output'
            cand export 'Write a recording in another form'
            cand rec 'List recordings, look at one, check them, forget one'
            cand history 'List the commands that ran in all panes, also in those that are gone, newest last'
            cand search 'Search everything that panes printed, also those that are gone, the newest first'
            cand replay 'Look at a recording as it was at any time'
            cand invite 'Make a link by which another machine may connect'
            cand pair 'Use a link of another machine, so that its sessions are at hand from here'
            cand hosts 'List, add, rename and forget the machines that this one was paired with'
            cand who 'Show who is connected, in which role, from where, and what they look at'
            cand stdio 'Carry a connection to the server of this machine over standard input and output, for --via elsewhere'
            cand grant 'Say what somebody may do in a session'
            cand role 'Give somebody another role'
            cand revoke 'End somebody''s right to connect, a token or an open invitation'
            cand token 'Make, list and end tokens, by which scripts connect without a key of their own'
            cand server 'Give the server another key'
            cand audit 'Look at what was decided about rights, and check that nobody changed it'
            cand doctor 'Look at the server and its custody, and say what mends it'
            cand top 'Show what panes take of the machine, and what they record'
            cand config 'Check the configuration, or say where it lies'
            cand version 'Print the versions of this program and of the running server'
            cand completions 'Print the completion script of a shell'
            cand man 'Print the manual page, or write all pages into a folder'
            cand keeper 'The process that owns the terminals; started by the server'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;serve'= {
            cand --listen 'Listen on this address, and on this port if one is given, instead of this machine alone: every machine that reaches it may knock, and only keys that were invited are let in. It is remembered'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --daemon 'Go to the background once it takes connections'
            cand --stop 'Stop the running server instead; programs go on in the keeper''s custody'
            cand --kill 'With --stop: end all programs too'
            cand --auto 'Leave ten minutes after the last session and client'
            cand --background 'Say `ready`, or why not, on standard output, and then nothing more'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;attach'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -c 'Make the session when it does not exist'
            cand --create 'Make the session when it does not exist'
            cand --view 'Only look: send nothing, and have no say in sizes'
            cand --steal 'Detach everybody else'
            cand --no-bar 'Give the pane the whole screen, without the status bar'
            cand --raw 'Show one pane in the terminal''s own screen: its own scrollback and selection, and of the keys only the prefix with `d` for us'
            cand --plain 'For screen readers: one pane at a time and plain text, no frames, nothing that changes by itself, and the cursor always where there is something to read'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;switch'= {
            cand --client 'The client to move; else the one that typed last where you stand'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;new'= {
            cand -n 'Its name'
            cand --name 'Its name'
            cand --ttl 'End it so long after its last client left'
            cand --size 'Its size while nobody looks at it'
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --cwd 'Start in this directory, which must exist'
            cand --env 'Set a variable of the new pane; may be given more than once'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -d 'Leave it in the background and print its id'
            cand --detached 'Leave it in the background and print its id'
            cand -A 'Attach to the session of that name if there is one'
            cand --or-attach 'Attach to the session of that name if there is one'
            cand --no-record 'Keep no recording on disk'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;ls'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --clients 'List the connected clients instead'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;rename'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;detach'= {
            cand --client 'Only this client'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;kill'= {
            cand --signal 'Send this signal instead, by number'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;rm'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;restart'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;tab'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
            cand new 'Make a tab'
            cand ls 'List the tabs of a session'
            cand select 'Look at a tab'
            cand rename 'Rename a tab'
            cand move 'Move a tab to another place in the bar'
            cand close 'Close a tab and end what runs in it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;tab;new'= {
            cand -n 'Its name'
            cand --name 'Its name'
            cand --cwd 'Start in this directory, which must exist'
            cand --env 'Set a variable of the new pane; may be given more than once'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -d 'Leave everybody where they are'
            cand --detached 'Leave everybody where they are'
            cand --no-record 'Keep no recording on disk'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;tab;ls'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;tab;select'= {
            cand --client 'The client to move; else the one that typed last there'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;tab;rename'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;tab;move'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;tab;close'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;tab;help'= {
            cand new 'Make a tab'
            cand ls 'List the tabs of a session'
            cand select 'Look at a tab'
            cand rename 'Rename a tab'
            cand move 'Move a tab to another place in the bar'
            cand close 'Close a tab and end what runs in it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;tab;help;new'= {
        }
        &'ccc;tab;help;ls'= {
        }
        &'ccc;tab;help;select'= {
        }
        &'ccc;tab;help;rename'= {
        }
        &'ccc;tab;help;move'= {
        }
        &'ccc;tab;help;close'= {
        }
        &'ccc;tab;help;help'= {
        }
        &'ccc;split'= {
            cand --size 'Size of the new pane, in cells or percent'
            cand --cwd 'Start in this directory, which must exist'
            cand --env 'Set a variable of the new pane; may be given more than once'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -r 'The new pane goes to the right'
            cand --right 'The new pane goes to the right'
            cand -d 'The new pane goes below; this is the default'
            cand --down 'The new pane goes below; this is the default'
            cand --detached 'Leave the focus where it is'
            cand --no-record 'Keep no recording on disk'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;pane'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
            cand ls 'List panes'
            cand select 'Focus a pane'
            cand resize 'Move a border of a pane'
            cand swap 'Swap a pane with another one'
            cand zoom 'Give a pane the whole tab, or its place back'
            cand float 'Let a pane float above its tab, or put it back'
            cand break 'Move a pane to a tab of its own'
            cand close 'Close a pane and end what runs in it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;pane;ls'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;pane;select'= {
            cand --client 'The client to move; else the one that typed last there'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;pane;resize'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;pane;swap'= {
            cand --with 'With this one'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --next 'With the next one, which is the default'
            cand --previous 'With the one before'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;pane;zoom'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --on 'Only ever zoom in'
            cand --off 'Only ever zoom out'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;pane;float'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --on 'Only ever let it float'
            cand --off 'Only ever put it back'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;pane;break'= {
            cand -n 'Name of the new tab'
            cand --name 'Name of the new tab'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -d 'Leave everybody where they are'
            cand --detached 'Leave everybody where they are'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;pane;close'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;pane;help'= {
            cand ls 'List panes'
            cand select 'Focus a pane'
            cand resize 'Move a border of a pane'
            cand swap 'Swap a pane with another one'
            cand zoom 'Give a pane the whole tab, or its place back'
            cand float 'Let a pane float above its tab, or put it back'
            cand break 'Move a pane to a tab of its own'
            cand close 'Close a pane and end what runs in it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;pane;help;ls'= {
        }
        &'ccc;pane;help;select'= {
        }
        &'ccc;pane;help;resize'= {
        }
        &'ccc;pane;help;swap'= {
        }
        &'ccc;pane;help;zoom'= {
        }
        &'ccc;pane;help;float'= {
        }
        &'ccc;pane;help;break'= {
        }
        &'ccc;pane;help;close'= {
        }
        &'ccc;pane;help;help'= {
        }
        &'ccc;layout'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
            cand save 'Write a session''s tabs and splits as TOML'
            cand load 'Make a session by a saved layout'
            cand preset 'Arrange a tab by a preset, the next one when none is named'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;layout;save'= {
            cand -o 'Write to this file instead of standard output'
            cand --output 'Write to this file instead of standard output'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;layout;load'= {
            cand -n 'Name of the new session'
            cand --name 'Name of the new session'
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;layout;preset'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;layout;help'= {
            cand save 'Write a session''s tabs and splits as TOML'
            cand load 'Make a session by a saved layout'
            cand preset 'Arrange a tab by a preset, the next one when none is named'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;layout;help;save'= {
        }
        &'ccc;layout;help;load'= {
        }
        &'ccc;layout;help;preset'= {
        }
        &'ccc;layout;help;help'= {
        }
        &'ccc;run'= {
            cand --timeout 'Give up, and end the command, after this time'
            cand --size 'The size of the pane'
            cand -n 'Name of the session that it makes'
            cand --name 'Name of the session that it makes'
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --cwd 'Start in this directory, which must exist'
            cand --env 'Set a variable of the new pane; may be given more than once'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -i 'Pass standard input on'
            cand --interactive 'Pass standard input on'
            cand --no-record 'Keep no recording on disk'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;send'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --keys 'The text is keys, such as `C-c Up <ret>`'
            cand --paste 'Paste the text, bracketed if the program asks for that'
            cand --enter 'Press Enter after it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;interrupt'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;capture'= {
            cand --from 'First line: a number from 0, or negative for so many above the screen'
            cand --to 'Last line, counted the same'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --ansi 'Keep colours and attributes'
            cand --join 'Join lines that were wrapped only for want of width'
            cand --redact 'Hide secrets that are known by their form'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;tail'= {
            cand --from 'Begin at this byte of the recording; else at its last 4096 bytes'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -f 'Go on until its program ends'
            cand --follow 'Go on until its program ends'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;peek'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;wait'= {
            cand --match 'Until a line, on the screen now or to come, matches this regular expression'
            cand --idle 'Until nothing was printed for this time'
            cand --since 'Look only at what was printed from this byte on, as `send --json` tells it'
            cand --timeout 'Give up after this time, with status 124'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --exit 'Until its program ends; ends with the program''s status'
            cand --prompt 'Until the shell prompts; needs a shell that marks its prompts'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;resize'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;events'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Accepted for symmetry; events are always JSON'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;control'= {
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;export'= {
            cand --cast 'An asciicast, for asciinema and its kind: v2, which all of them read, or v3'
            cand --idle-limit 'The longest pause that a player should make; times stay what they were'
            cand -o 'Write to this file instead of standard output'
            cand --output 'Write to this file instead of standard output'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --html 'One page that plays in a browser, from a file and without a network'
            cand --txt 'Plain text: every line that scrolled by, and the screen at the end'
            cand --raw 'The exact bytes that the pane printed; secrets are not hidden in them'
            cand --no-redact 'Write secrets that are known by their form as well; raw bytes always have them'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;rec'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
            cand ls 'List all recordings, also those of ended and removed sessions'
            cand info 'Say what a recording holds, or what a file of one is'
            cand verify 'Check that recordings are what was written, and name file and place of what is not'
            cand import 'Make a recording of what another tool recorded'
            cand pause 'Keep what a pane prints from the disk, until it is resumed'
            cand resume 'Record what a pane prints again'
            cand forget 'Delete a part of a recording: what was printed lately, a command, or some bytes'
            cand rm 'Delete the recording of a program that has ended'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;rec;ls'= {
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;rec;info'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;rec;verify'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;rec;import'= {
            cand --name 'What it is listed as; else its title, else the file''s name'
            cand --timing 'The file with the times of a typescript'
            cand --size 'The size of the terminal, where the file does not tell it'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;rec;pause'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;rec;resume'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;rec;forget'= {
            cand --last 'What was printed in this time up to now'
            cand --command 'The last command, or the one with this mark (`history --json`): its prompt, what was typed, its output'
            cand --from 'From this byte of the recording on'
            cand --to 'Up to this byte, which stays; without it to the end'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;rec;rm'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;rec;help'= {
            cand ls 'List all recordings, also those of ended and removed sessions'
            cand info 'Say what a recording holds, or what a file of one is'
            cand verify 'Check that recordings are what was written, and name file and place of what is not'
            cand import 'Make a recording of what another tool recorded'
            cand pause 'Keep what a pane prints from the disk, until it is resumed'
            cand resume 'Record what a pane prints again'
            cand forget 'Delete a part of a recording: what was printed lately, a command, or some bytes'
            cand rm 'Delete the recording of a program that has ended'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;rec;help;ls'= {
        }
        &'ccc;rec;help;info'= {
        }
        &'ccc;rec;help;verify'= {
        }
        &'ccc;rec;help;import'= {
        }
        &'ccc;rec;help;pause'= {
        }
        &'ccc;rec;help;resume'= {
        }
        &'ccc;rec;help;forget'= {
        }
        &'ccc;rec;help;rm'= {
        }
        &'ccc;rec;help;help'= {
        }
        &'ccc;history'= {
            cand -s 'Only those that ran in this session, by the name it has or had'
            cand --session 'Only those that ran in this session, by the name it has or had'
            cand --cwd 'Only those that ran in this directory or below'
            cand --exit 'Only those that ended so: ok, failed, or a status'
            cand --since 'Only those that began at most this long ago'
            cand -n 'How many at most, the newest; 0 for all'
            cand --count 'How many at most, the newest; 0 for all'
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand import 'Import commands from the history of bash, zsh, fish or Atuin'
            cand forget 'Forget all imported commands that you see'
        }
        &'ccc;history;import'= {
            cand --from 'Whose history it is'
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;history;forget'= {
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --imported 'Which ones: those that were imported'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;search'= {
            cand -s 'Only what was printed in this session, or in this pane'
            cand --session 'Only what was printed in this session, or in this pane'
            cand --since 'Only what was printed at most this long ago'
            cand --command 'Only what commands printed that contain this text'
            cand -C 'Show this many lines before and after each find'
            cand --context 'Show this many lines before and after each find'
            cand -n 'How many finds at most, the newest'
            cand --count 'How many finds at most, the newest'
            cand --timeout 'End after this long with what was found; status 124'
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -e 'The pattern is a regular expression'
            cand --regex 'The pattern is a regular expression'
            cand --case 'Capitals count'
            cand -i 'Capitals never count'
            cand --ignore-case 'Capitals never count'
            cand --no-redact 'Show secrets that are known by their form as well'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;replay'= {
            cand --at 'Where to begin: start, end, 1:02:03, 90, 5m, -5m (before the end), or a date and time'
            cand --speed 'How many times as fast: 0.25 to 16, more for as fast as it goes'
            cand --idle-limit 'The longest time that is waited where nothing came; 0 for all of it'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;invite'= {
            cand --role 'What the other machine may do'
            cand --ttl 'How long the link is good'
            cand --session 'Only for this session; may be given more than once'
            cand --name 'What the other machine is to be called; else what it calls itself'
            cand --host 'Where it reaches this one; may be given more than once'
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --all 'For every session; operators and admins see all unless --session is given'
            cand --code 'A short code to be read aloud instead of a link; it lasts five minutes and one try'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;pair'= {
            cand --at 'With a code: where the other machine is'
            cand --name 'What the machine is to be called here; else what it calls itself'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;hosts'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
            cand ls 'List them'
            cand add 'Give one another address, or one more; with its key, add one whose server knows this machine already'
            cand rename 'Give one another name'
            cand rekey 'Give this machine another key, which they all learn by the old one'
            cand rm 'Forget one; its server still knows this machine until `ccc revoke` there'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;hosts;ls'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;hosts;add'= {
            cand --server 'The id of the server''s key, for one that is not known yet; `ccc version` shows it there'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;hosts;rename'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;hosts;rekey'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --skip-unreachable 'Leave out those that cannot be reached: they have to be paired again'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;hosts;rm'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;hosts;help'= {
            cand ls 'List them'
            cand add 'Give one another address, or one more; with its key, add one whose server knows this machine already'
            cand rename 'Give one another name'
            cand rekey 'Give this machine another key, which they all learn by the old one'
            cand rm 'Forget one; its server still knows this machine until `ccc revoke` there'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;hosts;help;ls'= {
        }
        &'ccc;hosts;help;add'= {
        }
        &'ccc;hosts;help;rename'= {
        }
        &'ccc;hosts;help;rekey'= {
        }
        &'ccc;hosts;help;rm'= {
        }
        &'ccc;hosts;help;help'= {
        }
        &'ccc;who'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --all 'Everybody who may connect, connected or not, and the open invitations'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;stdio'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;grant'= {
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --all 'In every session: view or none'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;role'= {
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;revoke'= {
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;token'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
            cand new 'Make a token and print it, with where the server is'
            cand ls 'List the tokens that are good'
            cand revoke 'End a token and what was begun with it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;token;new'= {
            cand --role 'What whoever has it may do: viewer or operator'
            cand --session 'Only in this session; may be given more than once'
            cand --ttl 'How long it is good, a day at most'
            cand --uses 'How often it may be used; 0 for no limit'
            cand --name 'What it is to be called in listings and in the audit'
            cand --host 'Where the server is reached; may be given more than once'
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --all 'In every session; operators see all unless --session is given'
            cand --bare 'Print the token alone, for programs that know the server'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;token;ls'= {
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;token;revoke'= {
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;token;help'= {
            cand new 'Make a token and print it, with where the server is'
            cand ls 'List the tokens that are good'
            cand revoke 'End a token and what was begun with it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;token;help;new'= {
        }
        &'ccc;token;help;ls'= {
        }
        &'ccc;token;help;revoke'= {
        }
        &'ccc;token;help;help'= {
        }
        &'ccc;server'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
            cand rekey 'Give the server another key, for which the old one vouches'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;server;rekey'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --compromised 'The old key may be in other hands: nothing vouches for the new one, every machine has to be paired again, and the audit begins anew'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;server;help'= {
            cand rekey 'Give the server another key, for which the old one vouches'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;server;help;rekey'= {
        }
        &'ccc;server;help;help'= {
        }
        &'ccc;audit'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
            cand query 'Show entries, oldest first'
            cand verify 'Check that nothing was changed, and that nothing is missing of what this machine saw before'
            cand export 'Write all of it, a JSON line for each record, with the bytes that are hashed and signed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;audit;query'= {
            cand --what 'Only this kind, such as connect, attach, enrol, revoke'
            cand --who 'Only what this one did, or what was done to this one: a name or an id'
            cand --since 'Only what happened in this time until now'
            cand --count 'The most entries, the newest; 0 for all'
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --denied 'Only what was refused'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;audit;verify'= {
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'ccc;audit;export'= {
            cand -o 'Write to this file instead of standard output'
            cand --output 'Write to this file instead of standard output'
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;audit;help'= {
            cand query 'Show entries, oldest first'
            cand verify 'Check that nothing was changed, and that nothing is missing of what this machine saw before'
            cand export 'Write all of it, a JSON line for each record, with the bytes that are hashed and signed'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;audit;help;query'= {
        }
        &'ccc;audit;help;verify'= {
        }
        &'ccc;audit;help;export'= {
        }
        &'ccc;audit;help;help'= {
        }
        &'ccc;doctor'= {
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --rebuild-index 'Build the index of commands anew from what is on the disk'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;top'= {
            cand -s 'By what the table is sorted'
            cand --sort 'By what the table is sorted'
            cand -i 'How often it is refreshed'
            cand --interval 'How often it is refreshed'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --once 'Print the table once, as it is when standard output is no terminal'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;config'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
            cand check 'Say what is wrong with the configuration, line by line'
            cand path 'Print where the configuration lies'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;config;check'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;config;path'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;config;help'= {
            cand check 'Say what is wrong with the configuration, line by line'
            cand path 'Print where the configuration lies'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;config;help;check'= {
        }
        &'ccc;config;help;path'= {
        }
        &'ccc;config;help;help'= {
        }
        &'ccc;version'= {
            cand --on 'On this host instead of this machine; `ccc hosts ls` shows the names'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --json 'Print JSON instead of text'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;completions'= {
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;man'= {
            cand --dir 'Write a page for each command into this folder'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;keeper'= {
            cand --state 'The state directory'
            cand --token-file 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe'
            cand --via 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it'
            cand --spare 'Hold everything, do nothing, and take over when the keeper dies'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'ccc;help'= {
            cand serve 'Run the server'
            cand attach 'Look at a session, in the full screen'
            cand switch 'Move an attached client to another session'
            cand new 'Make a session'
            cand ls 'List sessions'
            cand rename 'Rename a session'
            cand detach 'Detach clients from a session; its programs go on'
            cand kill 'End the programs of a session, tab or pane'
            cand rm 'Forget an ended session or pane, with its recording'
            cand restart 'Start again what ended, in the same place'
            cand tab 'Make, list, select, rename, move and close tabs'
            cand split 'Split a pane in two'
            cand pane 'List, select, resize, swap, zoom, float, break and close panes'
            cand layout 'Save and load the tabs and splits of a session'
            cand run 'Run a command in a pane of its own, print its output, and end with its status'
            cand send 'Type into a pane'
            cand interrupt 'Interrupt what runs in a pane, as Ctrl-C does'
            cand capture 'Print what a pane shows, or lines of its scrollback'
            cand tail 'Print what a pane prints'
            cand peek 'Print what a pane shows now'
            cand wait 'Wait for something in a pane'
            cand resize 'Fix the size of a pane''s tab, whoever looks at it'
            cand events 'Print what changes on the server, a JSON line each'
            cand control 'Take commands as JSON lines on standard input, answer them on standard output'
            cand export 'Write a recording in another form'
            cand rec 'List recordings, look at one, check them, forget one'
            cand history 'List the commands that ran in all panes, also in those that are gone, newest last'
            cand search 'Search everything that panes printed, also those that are gone, the newest first'
            cand replay 'Look at a recording as it was at any time'
            cand invite 'Make a link by which another machine may connect'
            cand pair 'Use a link of another machine, so that its sessions are at hand from here'
            cand hosts 'List, add, rename and forget the machines that this one was paired with'
            cand who 'Show who is connected, in which role, from where, and what they look at'
            cand stdio 'Carry a connection to the server of this machine over standard input and output, for --via elsewhere'
            cand grant 'Say what somebody may do in a session'
            cand role 'Give somebody another role'
            cand revoke 'End somebody''s right to connect, a token or an open invitation'
            cand token 'Make, list and end tokens, by which scripts connect without a key of their own'
            cand server 'Give the server another key'
            cand audit 'Look at what was decided about rights, and check that nobody changed it'
            cand doctor 'Look at the server and its custody, and say what mends it'
            cand top 'Show what panes take of the machine, and what they record'
            cand config 'Check the configuration, or say where it lies'
            cand version 'Print the versions of this program and of the running server'
            cand completions 'Print the completion script of a shell'
            cand man 'Print the manual page, or write all pages into a folder'
            cand keeper 'The process that owns the terminals; started by the server'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'ccc;help;serve'= {
        }
        &'ccc;help;attach'= {
        }
        &'ccc;help;switch'= {
        }
        &'ccc;help;new'= {
        }
        &'ccc;help;ls'= {
        }
        &'ccc;help;rename'= {
        }
        &'ccc;help;detach'= {
        }
        &'ccc;help;kill'= {
        }
        &'ccc;help;rm'= {
        }
        &'ccc;help;restart'= {
        }
        &'ccc;help;tab'= {
            cand new 'Make a tab'
            cand ls 'List the tabs of a session'
            cand select 'Look at a tab'
            cand rename 'Rename a tab'
            cand move 'Move a tab to another place in the bar'
            cand close 'Close a tab and end what runs in it'
        }
        &'ccc;help;tab;new'= {
        }
        &'ccc;help;tab;ls'= {
        }
        &'ccc;help;tab;select'= {
        }
        &'ccc;help;tab;rename'= {
        }
        &'ccc;help;tab;move'= {
        }
        &'ccc;help;tab;close'= {
        }
        &'ccc;help;split'= {
        }
        &'ccc;help;pane'= {
            cand ls 'List panes'
            cand select 'Focus a pane'
            cand resize 'Move a border of a pane'
            cand swap 'Swap a pane with another one'
            cand zoom 'Give a pane the whole tab, or its place back'
            cand float 'Let a pane float above its tab, or put it back'
            cand break 'Move a pane to a tab of its own'
            cand close 'Close a pane and end what runs in it'
        }
        &'ccc;help;pane;ls'= {
        }
        &'ccc;help;pane;select'= {
        }
        &'ccc;help;pane;resize'= {
        }
        &'ccc;help;pane;swap'= {
        }
        &'ccc;help;pane;zoom'= {
        }
        &'ccc;help;pane;float'= {
        }
        &'ccc;help;pane;break'= {
        }
        &'ccc;help;pane;close'= {
        }
        &'ccc;help;layout'= {
            cand save 'Write a session''s tabs and splits as TOML'
            cand load 'Make a session by a saved layout'
            cand preset 'Arrange a tab by a preset, the next one when none is named'
        }
        &'ccc;help;layout;save'= {
        }
        &'ccc;help;layout;load'= {
        }
        &'ccc;help;layout;preset'= {
        }
        &'ccc;help;run'= {
        }
        &'ccc;help;send'= {
        }
        &'ccc;help;interrupt'= {
        }
        &'ccc;help;capture'= {
        }
        &'ccc;help;tail'= {
        }
        &'ccc;help;peek'= {
        }
        &'ccc;help;wait'= {
        }
        &'ccc;help;resize'= {
        }
        &'ccc;help;events'= {
        }
        &'ccc;help;control'= {
        }
        &'ccc;help;export'= {
        }
        &'ccc;help;rec'= {
            cand ls 'List all recordings, also those of ended and removed sessions'
            cand info 'Say what a recording holds, or what a file of one is'
            cand verify 'Check that recordings are what was written, and name file and place of what is not'
            cand import 'Make a recording of what another tool recorded'
            cand pause 'Keep what a pane prints from the disk, until it is resumed'
            cand resume 'Record what a pane prints again'
            cand forget 'Delete a part of a recording: what was printed lately, a command, or some bytes'
            cand rm 'Delete the recording of a program that has ended'
        }
        &'ccc;help;rec;ls'= {
        }
        &'ccc;help;rec;info'= {
        }
        &'ccc;help;rec;verify'= {
        }
        &'ccc;help;rec;import'= {
        }
        &'ccc;help;rec;pause'= {
        }
        &'ccc;help;rec;resume'= {
        }
        &'ccc;help;rec;forget'= {
        }
        &'ccc;help;rec;rm'= {
        }
        &'ccc;help;history'= {
            cand import 'Import commands from the history of bash, zsh, fish or Atuin'
            cand forget 'Forget all imported commands that you see'
        }
        &'ccc;help;history;import'= {
        }
        &'ccc;help;history;forget'= {
        }
        &'ccc;help;search'= {
        }
        &'ccc;help;replay'= {
        }
        &'ccc;help;invite'= {
        }
        &'ccc;help;pair'= {
        }
        &'ccc;help;hosts'= {
            cand ls 'List them'
            cand add 'Give one another address, or one more; with its key, add one whose server knows this machine already'
            cand rename 'Give one another name'
            cand rekey 'Give this machine another key, which they all learn by the old one'
            cand rm 'Forget one; its server still knows this machine until `ccc revoke` there'
        }
        &'ccc;help;hosts;ls'= {
        }
        &'ccc;help;hosts;add'= {
        }
        &'ccc;help;hosts;rename'= {
        }
        &'ccc;help;hosts;rekey'= {
        }
        &'ccc;help;hosts;rm'= {
        }
        &'ccc;help;who'= {
        }
        &'ccc;help;stdio'= {
        }
        &'ccc;help;grant'= {
        }
        &'ccc;help;role'= {
        }
        &'ccc;help;revoke'= {
        }
        &'ccc;help;token'= {
            cand new 'Make a token and print it, with where the server is'
            cand ls 'List the tokens that are good'
            cand revoke 'End a token and what was begun with it'
        }
        &'ccc;help;token;new'= {
        }
        &'ccc;help;token;ls'= {
        }
        &'ccc;help;token;revoke'= {
        }
        &'ccc;help;server'= {
            cand rekey 'Give the server another key, for which the old one vouches'
        }
        &'ccc;help;server;rekey'= {
        }
        &'ccc;help;audit'= {
            cand query 'Show entries, oldest first'
            cand verify 'Check that nothing was changed, and that nothing is missing of what this machine saw before'
            cand export 'Write all of it, a JSON line for each record, with the bytes that are hashed and signed'
        }
        &'ccc;help;audit;query'= {
        }
        &'ccc;help;audit;verify'= {
        }
        &'ccc;help;audit;export'= {
        }
        &'ccc;help;doctor'= {
        }
        &'ccc;help;top'= {
        }
        &'ccc;help;config'= {
            cand check 'Say what is wrong with the configuration, line by line'
            cand path 'Print where the configuration lies'
        }
        &'ccc;help;config;check'= {
        }
        &'ccc;help;config;path'= {
        }
        &'ccc;help;version'= {
        }
        &'ccc;help;completions'= {
        }
        &'ccc;help;man'= {
        }
        &'ccc;help;keeper'= {
        }
        &'ccc;help;help'= {
        }
    ]
    $completions[$command]
}
