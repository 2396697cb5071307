
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'ccc' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'ccc'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'ccc' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run the server')
            [CompletionResult]::new('attach', 'attach', [CompletionResultType]::ParameterValue, 'Look at a session, in the full screen')
            [CompletionResult]::new('switch', 'switch', [CompletionResultType]::ParameterValue, 'Move an attached client to another session')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a session')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List sessions')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Rename a session')
            [CompletionResult]::new('detach', 'detach', [CompletionResultType]::ParameterValue, 'Detach clients from a session; its programs go on')
            [CompletionResult]::new('kill', 'kill', [CompletionResultType]::ParameterValue, 'End the programs of a session, tab or pane')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Forget an ended session or pane, with its recording')
            [CompletionResult]::new('restart', 'restart', [CompletionResultType]::ParameterValue, 'Start again what ended, in the same place')
            [CompletionResult]::new('tab', 'tab', [CompletionResultType]::ParameterValue, 'Make, list, select, rename, move and close tabs')
            [CompletionResult]::new('split', 'split', [CompletionResultType]::ParameterValue, 'Split a pane in two')
            [CompletionResult]::new('pane', 'pane', [CompletionResultType]::ParameterValue, 'List, select, resize, swap, zoom, float, break and close panes')
            [CompletionResult]::new('layout', 'layout', [CompletionResultType]::ParameterValue, 'Save and load the tabs and splits of a session')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a command in a pane of its own, print its output, and end with its status')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Type into a pane')
            [CompletionResult]::new('interrupt', 'interrupt', [CompletionResultType]::ParameterValue, 'Interrupt what runs in a pane, as Ctrl-C does')
            [CompletionResult]::new('capture', 'capture', [CompletionResultType]::ParameterValue, 'Print what a pane shows, or lines of its scrollback')
            [CompletionResult]::new('tail', 'tail', [CompletionResultType]::ParameterValue, 'Print what a pane prints')
            [CompletionResult]::new('peek', 'peek', [CompletionResultType]::ParameterValue, 'Print what a pane shows now')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait for something in a pane')
            [CompletionResult]::new('resize', 'resize', [CompletionResultType]::ParameterValue, 'Fix the size of a pane''s tab, whoever looks at it')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'Print what changes on the server, a JSON line each')
            [CompletionResult]::new('control', 'control', [CompletionResultType]::ParameterValue, 'Take commands as JSON lines on standard input, answer them on standard output')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write a recording in another form')
            [CompletionResult]::new('rec', 'rec', [CompletionResultType]::ParameterValue, 'List recordings, look at one, check them, forget one')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'List the commands that ran in all panes, also in those that are gone, newest last')
            [CompletionResult]::new('search', 'search', [CompletionResultType]::ParameterValue, 'Search everything that panes printed, also those that are gone, the newest first')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Look at a recording as it was at any time')
            [CompletionResult]::new('invite', 'invite', [CompletionResultType]::ParameterValue, 'Make a link by which another machine may connect')
            [CompletionResult]::new('pair', 'pair', [CompletionResultType]::ParameterValue, 'Use a link of another machine, so that its sessions are at hand from here')
            [CompletionResult]::new('hosts', 'hosts', [CompletionResultType]::ParameterValue, 'List, add, rename and forget the machines that this one was paired with')
            [CompletionResult]::new('who', 'who', [CompletionResultType]::ParameterValue, 'Show who is connected, in which role, from where, and what they look at')
            [CompletionResult]::new('stdio', 'stdio', [CompletionResultType]::ParameterValue, 'Carry a connection to the server of this machine over standard input and output, for --via elsewhere')
            [CompletionResult]::new('grant', 'grant', [CompletionResultType]::ParameterValue, 'Say what somebody may do in a session')
            [CompletionResult]::new('role', 'role', [CompletionResultType]::ParameterValue, 'Give somebody another role')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'End somebody''s right to connect, a token or an open invitation')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Make, list and end tokens, by which scripts connect without a key of their own')
            [CompletionResult]::new('server', 'server', [CompletionResultType]::ParameterValue, 'Give the server another key')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Look at what was decided about rights, and check that nobody changed it')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look at the server and its custody, and say what mends it')
            [CompletionResult]::new('top', 'top', [CompletionResultType]::ParameterValue, 'Show what panes take of the machine, and what they record')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Check the configuration, or say where it lies')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the versions of this program and of the running server')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write all pages into a folder')
            [CompletionResult]::new('keeper', 'keeper', [CompletionResultType]::ParameterValue, 'The process that owns the terminals; started by the server')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;serve' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Listen on this address, and on this port if one is given, instead of this machine alone: every machine that reaches it may knock, and only keys that were invited are let in. It is remembered')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--daemon', '--daemon', [CompletionResultType]::ParameterName, 'Go to the background once it takes connections')
            [CompletionResult]::new('--stop', '--stop', [CompletionResultType]::ParameterName, 'Stop the running server instead; programs go on in the keeper''s custody')
            [CompletionResult]::new('--kill', '--kill', [CompletionResultType]::ParameterName, 'With --stop: end all programs too')
            [CompletionResult]::new('--auto', '--auto', [CompletionResultType]::ParameterName, 'Leave ten minutes after the last session and client')
            [CompletionResult]::new('--background', '--background', [CompletionResultType]::ParameterName, 'Say `ready`, or why not, on standard output, and then nothing more')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;attach' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Make the session when it does not exist')
            [CompletionResult]::new('--create', '--create', [CompletionResultType]::ParameterName, 'Make the session when it does not exist')
            [CompletionResult]::new('--view', '--view', [CompletionResultType]::ParameterName, 'Only look: send nothing, and have no say in sizes')
            [CompletionResult]::new('--steal', '--steal', [CompletionResultType]::ParameterName, 'Detach everybody else')
            [CompletionResult]::new('--no-bar', '--no-bar', [CompletionResultType]::ParameterName, 'Give the pane the whole screen, without the status bar')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Show one pane in the terminal''s own screen: its own scrollback and selection, and of the keys only the prefix with `d` for us')
            [CompletionResult]::new('--plain', '--plain', [CompletionResultType]::ParameterName, 'For screen readers: one pane at a time and plain text, no frames, nothing that changes by itself, and the cursor always where there is something to read')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;switch' {
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The client to move; else the one that typed last where you stand')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;new' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Its name')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Its name')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'End it so long after its last client left')
            [CompletionResult]::new('--size', '--size', [CompletionResultType]::ParameterName, 'Its size while nobody looks at it')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--cwd', '--cwd', [CompletionResultType]::ParameterName, 'Start in this directory, which must exist')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Set a variable of the new pane; may be given more than once')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Leave it in the background and print its id')
            [CompletionResult]::new('--detached', '--detached', [CompletionResultType]::ParameterName, 'Leave it in the background and print its id')
            [CompletionResult]::new('-A', '-A ', [CompletionResultType]::ParameterName, 'Attach to the session of that name if there is one')
            [CompletionResult]::new('--or-attach', '--or-attach', [CompletionResultType]::ParameterName, 'Attach to the session of that name if there is one')
            [CompletionResult]::new('--no-record', '--no-record', [CompletionResultType]::ParameterName, 'Keep no recording on disk')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;ls' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--clients', '--clients', [CompletionResultType]::ParameterName, 'List the connected clients instead')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;rename' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;detach' {
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'Only this client')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;kill' {
            [CompletionResult]::new('--signal', '--signal', [CompletionResultType]::ParameterName, 'Send this signal instead, by number')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;rm' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;restart' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;tab' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a tab')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List the tabs of a session')
            [CompletionResult]::new('select', 'select', [CompletionResultType]::ParameterValue, 'Look at a tab')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Rename a tab')
            [CompletionResult]::new('move', 'move', [CompletionResultType]::ParameterValue, 'Move a tab to another place in the bar')
            [CompletionResult]::new('close', 'close', [CompletionResultType]::ParameterValue, 'Close a tab and end what runs in it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;tab;new' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Its name')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Its name')
            [CompletionResult]::new('--cwd', '--cwd', [CompletionResultType]::ParameterName, 'Start in this directory, which must exist')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Set a variable of the new pane; may be given more than once')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Leave everybody where they are')
            [CompletionResult]::new('--detached', '--detached', [CompletionResultType]::ParameterName, 'Leave everybody where they are')
            [CompletionResult]::new('--no-record', '--no-record', [CompletionResultType]::ParameterName, 'Keep no recording on disk')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;tab;ls' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;tab;select' {
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The client to move; else the one that typed last there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;tab;rename' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;tab;move' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;tab;close' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;tab;help' {
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a tab')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List the tabs of a session')
            [CompletionResult]::new('select', 'select', [CompletionResultType]::ParameterValue, 'Look at a tab')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Rename a tab')
            [CompletionResult]::new('move', 'move', [CompletionResultType]::ParameterValue, 'Move a tab to another place in the bar')
            [CompletionResult]::new('close', 'close', [CompletionResultType]::ParameterValue, 'Close a tab and end what runs in it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;tab;help;new' {
            break
        }
        'ccc;tab;help;ls' {
            break
        }
        'ccc;tab;help;select' {
            break
        }
        'ccc;tab;help;rename' {
            break
        }
        'ccc;tab;help;move' {
            break
        }
        'ccc;tab;help;close' {
            break
        }
        'ccc;tab;help;help' {
            break
        }
        'ccc;split' {
            [CompletionResult]::new('--size', '--size', [CompletionResultType]::ParameterName, 'Size of the new pane, in cells or percent')
            [CompletionResult]::new('--cwd', '--cwd', [CompletionResultType]::ParameterName, 'Start in this directory, which must exist')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Set a variable of the new pane; may be given more than once')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'The new pane goes to the right')
            [CompletionResult]::new('--right', '--right', [CompletionResultType]::ParameterName, 'The new pane goes to the right')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'The new pane goes below; this is the default')
            [CompletionResult]::new('--down', '--down', [CompletionResultType]::ParameterName, 'The new pane goes below; this is the default')
            [CompletionResult]::new('--detached', '--detached', [CompletionResultType]::ParameterName, 'Leave the focus where it is')
            [CompletionResult]::new('--no-record', '--no-record', [CompletionResultType]::ParameterName, 'Keep no recording on disk')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;pane' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List panes')
            [CompletionResult]::new('select', 'select', [CompletionResultType]::ParameterValue, 'Focus a pane')
            [CompletionResult]::new('resize', 'resize', [CompletionResultType]::ParameterValue, 'Move a border of a pane')
            [CompletionResult]::new('swap', 'swap', [CompletionResultType]::ParameterValue, 'Swap a pane with another one')
            [CompletionResult]::new('zoom', 'zoom', [CompletionResultType]::ParameterValue, 'Give a pane the whole tab, or its place back')
            [CompletionResult]::new('float', 'float', [CompletionResultType]::ParameterValue, 'Let a pane float above its tab, or put it back')
            [CompletionResult]::new('break', 'break', [CompletionResultType]::ParameterValue, 'Move a pane to a tab of its own')
            [CompletionResult]::new('close', 'close', [CompletionResultType]::ParameterValue, 'Close a pane and end what runs in it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;pane;ls' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;pane;select' {
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'The client to move; else the one that typed last there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;pane;resize' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;pane;swap' {
            [CompletionResult]::new('--with', '--with', [CompletionResultType]::ParameterName, 'With this one')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--next', '--next', [CompletionResultType]::ParameterName, 'With the next one, which is the default')
            [CompletionResult]::new('--previous', '--previous', [CompletionResultType]::ParameterName, 'With the one before')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;pane;zoom' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Only ever zoom in')
            [CompletionResult]::new('--off', '--off', [CompletionResultType]::ParameterName, 'Only ever zoom out')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;pane;float' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Only ever let it float')
            [CompletionResult]::new('--off', '--off', [CompletionResultType]::ParameterName, 'Only ever put it back')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;pane;break' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Name of the new tab')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Name of the new tab')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Leave everybody where they are')
            [CompletionResult]::new('--detached', '--detached', [CompletionResultType]::ParameterName, 'Leave everybody where they are')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;pane;close' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;pane;help' {
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List panes')
            [CompletionResult]::new('select', 'select', [CompletionResultType]::ParameterValue, 'Focus a pane')
            [CompletionResult]::new('resize', 'resize', [CompletionResultType]::ParameterValue, 'Move a border of a pane')
            [CompletionResult]::new('swap', 'swap', [CompletionResultType]::ParameterValue, 'Swap a pane with another one')
            [CompletionResult]::new('zoom', 'zoom', [CompletionResultType]::ParameterValue, 'Give a pane the whole tab, or its place back')
            [CompletionResult]::new('float', 'float', [CompletionResultType]::ParameterValue, 'Let a pane float above its tab, or put it back')
            [CompletionResult]::new('break', 'break', [CompletionResultType]::ParameterValue, 'Move a pane to a tab of its own')
            [CompletionResult]::new('close', 'close', [CompletionResultType]::ParameterValue, 'Close a pane and end what runs in it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;pane;help;ls' {
            break
        }
        'ccc;pane;help;select' {
            break
        }
        'ccc;pane;help;resize' {
            break
        }
        'ccc;pane;help;swap' {
            break
        }
        'ccc;pane;help;zoom' {
            break
        }
        'ccc;pane;help;float' {
            break
        }
        'ccc;pane;help;break' {
            break
        }
        'ccc;pane;help;close' {
            break
        }
        'ccc;pane;help;help' {
            break
        }
        'ccc;layout' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Write a session''s tabs and splits as TOML')
            [CompletionResult]::new('load', 'load', [CompletionResultType]::ParameterValue, 'Make a session by a saved layout')
            [CompletionResult]::new('preset', 'preset', [CompletionResultType]::ParameterValue, 'Arrange a tab by a preset, the next one when none is named')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;layout;save' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file instead of standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file instead of standard output')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;layout;load' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Name of the new session')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Name of the new session')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;layout;preset' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;layout;help' {
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Write a session''s tabs and splits as TOML')
            [CompletionResult]::new('load', 'load', [CompletionResultType]::ParameterValue, 'Make a session by a saved layout')
            [CompletionResult]::new('preset', 'preset', [CompletionResultType]::ParameterValue, 'Arrange a tab by a preset, the next one when none is named')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;layout;help;save' {
            break
        }
        'ccc;layout;help;load' {
            break
        }
        'ccc;layout;help;preset' {
            break
        }
        'ccc;layout;help;help' {
            break
        }
        'ccc;run' {
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up, and end the command, after this time')
            [CompletionResult]::new('--size', '--size', [CompletionResultType]::ParameterName, 'The size of the pane')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Name of the session that it makes')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Name of the session that it makes')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--cwd', '--cwd', [CompletionResultType]::ParameterName, 'Start in this directory, which must exist')
            [CompletionResult]::new('--env', '--env', [CompletionResultType]::ParameterName, 'Set a variable of the new pane; may be given more than once')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Pass standard input on')
            [CompletionResult]::new('--interactive', '--interactive', [CompletionResultType]::ParameterName, 'Pass standard input on')
            [CompletionResult]::new('--no-record', '--no-record', [CompletionResultType]::ParameterName, 'Keep no recording on disk')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;send' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--keys', '--keys', [CompletionResultType]::ParameterName, 'The text is keys, such as `C-c Up <ret>`')
            [CompletionResult]::new('--paste', '--paste', [CompletionResultType]::ParameterName, 'Paste the text, bracketed if the program asks for that')
            [CompletionResult]::new('--enter', '--enter', [CompletionResultType]::ParameterName, 'Press Enter after it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;interrupt' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;capture' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'First line: a number from 0, or negative for so many above the screen')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Last line, counted the same')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--ansi', '--ansi', [CompletionResultType]::ParameterName, 'Keep colours and attributes')
            [CompletionResult]::new('--join', '--join', [CompletionResultType]::ParameterName, 'Join lines that were wrapped only for want of width')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Hide secrets that are known by their form')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;tail' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Begin at this byte of the recording; else at its last 4096 bytes')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Go on until its program ends')
            [CompletionResult]::new('--follow', '--follow', [CompletionResultType]::ParameterName, 'Go on until its program ends')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;peek' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;wait' {
            [CompletionResult]::new('--match', '--match', [CompletionResultType]::ParameterName, 'Until a line, on the screen now or to come, matches this regular expression')
            [CompletionResult]::new('--idle', '--idle', [CompletionResultType]::ParameterName, 'Until nothing was printed for this time')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Look only at what was printed from this byte on, as `send --json` tells it')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after this time, with status 124')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--exit', '--exit', [CompletionResultType]::ParameterName, 'Until its program ends; ends with the program''s status')
            [CompletionResult]::new('--prompt', '--prompt', [CompletionResultType]::ParameterName, 'Until the shell prompts; needs a shell that marks its prompts')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;resize' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;events' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Accepted for symmetry; events are always JSON')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;control' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;export' {
            [CompletionResult]::new('--cast', '--cast', [CompletionResultType]::ParameterName, 'An asciicast, for asciinema and its kind: v2, which all of them read, or v3')
            [CompletionResult]::new('--idle-limit', '--idle-limit', [CompletionResultType]::ParameterName, 'The longest pause that a player should make; times stay what they were')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file instead of standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file instead of standard output')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--html', '--html', [CompletionResultType]::ParameterName, 'One page that plays in a browser, from a file and without a network')
            [CompletionResult]::new('--txt', '--txt', [CompletionResultType]::ParameterName, 'Plain text: every line that scrolled by, and the screen at the end')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'The exact bytes that the pane printed; secrets are not hidden in them')
            [CompletionResult]::new('--no-redact', '--no-redact', [CompletionResultType]::ParameterName, 'Write secrets that are known by their form as well; raw bytes always have them')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;rec' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List all recordings, also those of ended and removed sessions')
            [CompletionResult]::new('info', 'info', [CompletionResultType]::ParameterValue, 'Say what a recording holds, or what a file of one is')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that recordings are what was written, and name file and place of what is not')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Make a recording of what another tool recorded')
            [CompletionResult]::new('pause', 'pause', [CompletionResultType]::ParameterValue, 'Keep what a pane prints from the disk, until it is resumed')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Record what a pane prints again')
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Delete a part of a recording: what was printed lately, a command, or some bytes')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Delete the recording of a program that has ended')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;rec;ls' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;rec;info' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;rec;verify' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;rec;import' {
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'What it is listed as; else its title, else the file''s name')
            [CompletionResult]::new('--timing', '--timing', [CompletionResultType]::ParameterName, 'The file with the times of a typescript')
            [CompletionResult]::new('--size', '--size', [CompletionResultType]::ParameterName, 'The size of the terminal, where the file does not tell it')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;rec;pause' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;rec;resume' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;rec;forget' {
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'What was printed in this time up to now')
            [CompletionResult]::new('--command', '--command', [CompletionResultType]::ParameterName, 'The last command, or the one with this mark (`history --json`): its prompt, what was typed, its output')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'From this byte of the recording on')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Up to this byte, which stays; without it to the end')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;rec;rm' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;rec;help' {
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List all recordings, also those of ended and removed sessions')
            [CompletionResult]::new('info', 'info', [CompletionResultType]::ParameterValue, 'Say what a recording holds, or what a file of one is')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that recordings are what was written, and name file and place of what is not')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Make a recording of what another tool recorded')
            [CompletionResult]::new('pause', 'pause', [CompletionResultType]::ParameterValue, 'Keep what a pane prints from the disk, until it is resumed')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Record what a pane prints again')
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Delete a part of a recording: what was printed lately, a command, or some bytes')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Delete the recording of a program that has ended')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;rec;help;ls' {
            break
        }
        'ccc;rec;help;info' {
            break
        }
        'ccc;rec;help;verify' {
            break
        }
        'ccc;rec;help;import' {
            break
        }
        'ccc;rec;help;pause' {
            break
        }
        'ccc;rec;help;resume' {
            break
        }
        'ccc;rec;help;forget' {
            break
        }
        'ccc;rec;help;rm' {
            break
        }
        'ccc;rec;help;help' {
            break
        }
        'ccc;history' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Only those that ran in this session, by the name it has or had')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'Only those that ran in this session, by the name it has or had')
            [CompletionResult]::new('--cwd', '--cwd', [CompletionResultType]::ParameterName, 'Only those that ran in this directory or below')
            [CompletionResult]::new('--exit', '--exit', [CompletionResultType]::ParameterName, 'Only those that ended so: ok, failed, or a status')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only those that began at most this long ago')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'How many at most, the newest; 0 for all')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'How many at most, the newest; 0 for all')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Import commands from the history of bash, zsh, fish or Atuin')
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Forget all imported commands that you see')
            break
        }
        'ccc;history;import' {
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Whose history it is')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;history;forget' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--imported', '--imported', [CompletionResultType]::ParameterName, 'Which ones: those that were imported')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;search' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Only what was printed in this session, or in this pane')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'Only what was printed in this session, or in this pane')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only what was printed at most this long ago')
            [CompletionResult]::new('--command', '--command', [CompletionResultType]::ParameterName, 'Only what commands printed that contain this text')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Show this many lines before and after each find')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Show this many lines before and after each find')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'How many finds at most, the newest')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'How many finds at most, the newest')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End after this long with what was found; status 124')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'The pattern is a regular expression')
            [CompletionResult]::new('--regex', '--regex', [CompletionResultType]::ParameterName, 'The pattern is a regular expression')
            [CompletionResult]::new('--case', '--case', [CompletionResultType]::ParameterName, 'Capitals count')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Capitals never count')
            [CompletionResult]::new('--ignore-case', '--ignore-case', [CompletionResultType]::ParameterName, 'Capitals never count')
            [CompletionResult]::new('--no-redact', '--no-redact', [CompletionResultType]::ParameterName, 'Show secrets that are known by their form as well')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;replay' {
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Where to begin: start, end, 1:02:03, 90, 5m, -5m (before the end), or a date and time')
            [CompletionResult]::new('--speed', '--speed', [CompletionResultType]::ParameterName, 'How many times as fast: 0.25 to 16, more for as fast as it goes')
            [CompletionResult]::new('--idle-limit', '--idle-limit', [CompletionResultType]::ParameterName, 'The longest time that is waited where nothing came; 0 for all of it')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;invite' {
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'What the other machine may do')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long the link is good')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'Only for this session; may be given more than once')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'What the other machine is to be called; else what it calls itself')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Where it reaches this one; may be given more than once')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'For every session; operators and admins see all unless --session is given')
            [CompletionResult]::new('--code', '--code', [CompletionResultType]::ParameterName, 'A short code to be read aloud instead of a link; it lasts five minutes and one try')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;pair' {
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'With a code: where the other machine is')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'What the machine is to be called here; else what it calls itself')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;hosts' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List them')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Give one another address, or one more; with its key, add one whose server knows this machine already')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give one another name')
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Give this machine another key, which they all learn by the old one')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Forget one; its server still knows this machine until `ccc revoke` there')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;hosts;ls' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;hosts;add' {
            [CompletionResult]::new('--server', '--server', [CompletionResultType]::ParameterName, 'The id of the server''s key, for one that is not known yet; `ccc version` shows it there')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;hosts;rename' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;hosts;rekey' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--skip-unreachable', '--skip-unreachable', [CompletionResultType]::ParameterName, 'Leave out those that cannot be reached: they have to be paired again')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;hosts;rm' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;hosts;help' {
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List them')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Give one another address, or one more; with its key, add one whose server knows this machine already')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give one another name')
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Give this machine another key, which they all learn by the old one')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Forget one; its server still knows this machine until `ccc revoke` there')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;hosts;help;ls' {
            break
        }
        'ccc;hosts;help;add' {
            break
        }
        'ccc;hosts;help;rename' {
            break
        }
        'ccc;hosts;help;rekey' {
            break
        }
        'ccc;hosts;help;rm' {
            break
        }
        'ccc;hosts;help;help' {
            break
        }
        'ccc;who' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Everybody who may connect, connected or not, and the open invitations')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;stdio' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;grant' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'In every session: view or none')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;role' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;revoke' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;token' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a token and print it, with where the server is')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List the tokens that are good')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'End a token and what was begun with it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;token;new' {
            [CompletionResult]::new('--role', '--role', [CompletionResultType]::ParameterName, 'What whoever has it may do: viewer or operator')
            [CompletionResult]::new('--session', '--session', [CompletionResultType]::ParameterName, 'Only in this session; may be given more than once')
            [CompletionResult]::new('--ttl', '--ttl', [CompletionResultType]::ParameterName, 'How long it is good, a day at most')
            [CompletionResult]::new('--uses', '--uses', [CompletionResultType]::ParameterName, 'How often it may be used; 0 for no limit')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'What it is to be called in listings and in the audit')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Where the server is reached; may be given more than once')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'In every session; operators see all unless --session is given')
            [CompletionResult]::new('--bare', '--bare', [CompletionResultType]::ParameterName, 'Print the token alone, for programs that know the server')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;token;ls' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;token;revoke' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;token;help' {
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a token and print it, with where the server is')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List the tokens that are good')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'End a token and what was begun with it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;token;help;new' {
            break
        }
        'ccc;token;help;ls' {
            break
        }
        'ccc;token;help;revoke' {
            break
        }
        'ccc;token;help;help' {
            break
        }
        'ccc;server' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Give the server another key, for which the old one vouches')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;server;rekey' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--compromised', '--compromised', [CompletionResultType]::ParameterName, 'The old key may be in other hands: nothing vouches for the new one, every machine has to be paired again, and the audit begins anew')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;server;help' {
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Give the server another key, for which the old one vouches')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;server;help;rekey' {
            break
        }
        'ccc;server;help;help' {
            break
        }
        'ccc;audit' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('query', 'query', [CompletionResultType]::ParameterValue, 'Show entries, oldest first')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that nothing was changed, and that nothing is missing of what this machine saw before')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write all of it, a JSON line for each record, with the bytes that are hashed and signed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;audit;query' {
            [CompletionResult]::new('--what', '--what', [CompletionResultType]::ParameterName, 'Only this kind, such as connect, attach, enrol, revoke')
            [CompletionResult]::new('--who', '--who', [CompletionResultType]::ParameterName, 'Only what this one did, or what was done to this one: a name or an id')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only what happened in this time until now')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'The most entries, the newest; 0 for all')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--denied', '--denied', [CompletionResultType]::ParameterName, 'Only what was refused')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;audit;verify' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'ccc;audit;export' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file instead of standard output')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file instead of standard output')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;audit;help' {
            [CompletionResult]::new('query', 'query', [CompletionResultType]::ParameterValue, 'Show entries, oldest first')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that nothing was changed, and that nothing is missing of what this machine saw before')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write all of it, a JSON line for each record, with the bytes that are hashed and signed')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;audit;help;query' {
            break
        }
        'ccc;audit;help;verify' {
            break
        }
        'ccc;audit;help;export' {
            break
        }
        'ccc;audit;help;help' {
            break
        }
        'ccc;doctor' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--rebuild-index', '--rebuild-index', [CompletionResultType]::ParameterName, 'Build the index of commands anew from what is on the disk')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;top' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'By what the table is sorted')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'By what the table is sorted')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'How often it is refreshed')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'How often it is refreshed')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--once', '--once', [CompletionResultType]::ParameterName, 'Print the table once, as it is when standard output is no terminal')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;config' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say what is wrong with the configuration, line by line')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the configuration lies')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;config;check' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;config;path' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;config;help' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say what is wrong with the configuration, line by line')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the configuration lies')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;config;help;check' {
            break
        }
        'ccc;config;help;path' {
            break
        }
        'ccc;config;help;help' {
            break
        }
        'ccc;version' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'On this host instead of this machine; `ccc hosts ls` shows the names')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print JSON instead of text')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;completions' {
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;man' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'Write a page for each command into this folder')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;keeper' {
            [CompletionResult]::new('--state', '--state', [CompletionResultType]::ParameterName, 'The state directory')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Act by the token in this file; `-` is standard input, `/dev/fd/3` a pipe')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Reach the host through the standard input and output of this command, such as `ssh box ccc stdio`; `pair` and `hosts add` remember it')
            [CompletionResult]::new('--spare', '--spare', [CompletionResultType]::ParameterName, 'Hold everything, do nothing, and take over when the keeper dies')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'ccc;help' {
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Run the server')
            [CompletionResult]::new('attach', 'attach', [CompletionResultType]::ParameterValue, 'Look at a session, in the full screen')
            [CompletionResult]::new('switch', 'switch', [CompletionResultType]::ParameterValue, 'Move an attached client to another session')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a session')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List sessions')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Rename a session')
            [CompletionResult]::new('detach', 'detach', [CompletionResultType]::ParameterValue, 'Detach clients from a session; its programs go on')
            [CompletionResult]::new('kill', 'kill', [CompletionResultType]::ParameterValue, 'End the programs of a session, tab or pane')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Forget an ended session or pane, with its recording')
            [CompletionResult]::new('restart', 'restart', [CompletionResultType]::ParameterValue, 'Start again what ended, in the same place')
            [CompletionResult]::new('tab', 'tab', [CompletionResultType]::ParameterValue, 'Make, list, select, rename, move and close tabs')
            [CompletionResult]::new('split', 'split', [CompletionResultType]::ParameterValue, 'Split a pane in two')
            [CompletionResult]::new('pane', 'pane', [CompletionResultType]::ParameterValue, 'List, select, resize, swap, zoom, float, break and close panes')
            [CompletionResult]::new('layout', 'layout', [CompletionResultType]::ParameterValue, 'Save and load the tabs and splits of a session')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a command in a pane of its own, print its output, and end with its status')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Type into a pane')
            [CompletionResult]::new('interrupt', 'interrupt', [CompletionResultType]::ParameterValue, 'Interrupt what runs in a pane, as Ctrl-C does')
            [CompletionResult]::new('capture', 'capture', [CompletionResultType]::ParameterValue, 'Print what a pane shows, or lines of its scrollback')
            [CompletionResult]::new('tail', 'tail', [CompletionResultType]::ParameterValue, 'Print what a pane prints')
            [CompletionResult]::new('peek', 'peek', [CompletionResultType]::ParameterValue, 'Print what a pane shows now')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait for something in a pane')
            [CompletionResult]::new('resize', 'resize', [CompletionResultType]::ParameterValue, 'Fix the size of a pane''s tab, whoever looks at it')
            [CompletionResult]::new('events', 'events', [CompletionResultType]::ParameterValue, 'Print what changes on the server, a JSON line each')
            [CompletionResult]::new('control', 'control', [CompletionResultType]::ParameterValue, 'Take commands as JSON lines on standard input, answer them on standard output')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write a recording in another form')
            [CompletionResult]::new('rec', 'rec', [CompletionResultType]::ParameterValue, 'List recordings, look at one, check them, forget one')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'List the commands that ran in all panes, also in those that are gone, newest last')
            [CompletionResult]::new('search', 'search', [CompletionResultType]::ParameterValue, 'Search everything that panes printed, also those that are gone, the newest first')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'Look at a recording as it was at any time')
            [CompletionResult]::new('invite', 'invite', [CompletionResultType]::ParameterValue, 'Make a link by which another machine may connect')
            [CompletionResult]::new('pair', 'pair', [CompletionResultType]::ParameterValue, 'Use a link of another machine, so that its sessions are at hand from here')
            [CompletionResult]::new('hosts', 'hosts', [CompletionResultType]::ParameterValue, 'List, add, rename and forget the machines that this one was paired with')
            [CompletionResult]::new('who', 'who', [CompletionResultType]::ParameterValue, 'Show who is connected, in which role, from where, and what they look at')
            [CompletionResult]::new('stdio', 'stdio', [CompletionResultType]::ParameterValue, 'Carry a connection to the server of this machine over standard input and output, for --via elsewhere')
            [CompletionResult]::new('grant', 'grant', [CompletionResultType]::ParameterValue, 'Say what somebody may do in a session')
            [CompletionResult]::new('role', 'role', [CompletionResultType]::ParameterValue, 'Give somebody another role')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'End somebody''s right to connect, a token or an open invitation')
            [CompletionResult]::new('token', 'token', [CompletionResultType]::ParameterValue, 'Make, list and end tokens, by which scripts connect without a key of their own')
            [CompletionResult]::new('server', 'server', [CompletionResultType]::ParameterValue, 'Give the server another key')
            [CompletionResult]::new('audit', 'audit', [CompletionResultType]::ParameterValue, 'Look at what was decided about rights, and check that nobody changed it')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Look at the server and its custody, and say what mends it')
            [CompletionResult]::new('top', 'top', [CompletionResultType]::ParameterValue, 'Show what panes take of the machine, and what they record')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Check the configuration, or say where it lies')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Print the versions of this program and of the running server')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page, or write all pages into a folder')
            [CompletionResult]::new('keeper', 'keeper', [CompletionResultType]::ParameterValue, 'The process that owns the terminals; started by the server')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'ccc;help;serve' {
            break
        }
        'ccc;help;attach' {
            break
        }
        'ccc;help;switch' {
            break
        }
        'ccc;help;new' {
            break
        }
        'ccc;help;ls' {
            break
        }
        'ccc;help;rename' {
            break
        }
        'ccc;help;detach' {
            break
        }
        'ccc;help;kill' {
            break
        }
        'ccc;help;rm' {
            break
        }
        'ccc;help;restart' {
            break
        }
        'ccc;help;tab' {
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a tab')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List the tabs of a session')
            [CompletionResult]::new('select', 'select', [CompletionResultType]::ParameterValue, 'Look at a tab')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Rename a tab')
            [CompletionResult]::new('move', 'move', [CompletionResultType]::ParameterValue, 'Move a tab to another place in the bar')
            [CompletionResult]::new('close', 'close', [CompletionResultType]::ParameterValue, 'Close a tab and end what runs in it')
            break
        }
        'ccc;help;tab;new' {
            break
        }
        'ccc;help;tab;ls' {
            break
        }
        'ccc;help;tab;select' {
            break
        }
        'ccc;help;tab;rename' {
            break
        }
        'ccc;help;tab;move' {
            break
        }
        'ccc;help;tab;close' {
            break
        }
        'ccc;help;split' {
            break
        }
        'ccc;help;pane' {
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List panes')
            [CompletionResult]::new('select', 'select', [CompletionResultType]::ParameterValue, 'Focus a pane')
            [CompletionResult]::new('resize', 'resize', [CompletionResultType]::ParameterValue, 'Move a border of a pane')
            [CompletionResult]::new('swap', 'swap', [CompletionResultType]::ParameterValue, 'Swap a pane with another one')
            [CompletionResult]::new('zoom', 'zoom', [CompletionResultType]::ParameterValue, 'Give a pane the whole tab, or its place back')
            [CompletionResult]::new('float', 'float', [CompletionResultType]::ParameterValue, 'Let a pane float above its tab, or put it back')
            [CompletionResult]::new('break', 'break', [CompletionResultType]::ParameterValue, 'Move a pane to a tab of its own')
            [CompletionResult]::new('close', 'close', [CompletionResultType]::ParameterValue, 'Close a pane and end what runs in it')
            break
        }
        'ccc;help;pane;ls' {
            break
        }
        'ccc;help;pane;select' {
            break
        }
        'ccc;help;pane;resize' {
            break
        }
        'ccc;help;pane;swap' {
            break
        }
        'ccc;help;pane;zoom' {
            break
        }
        'ccc;help;pane;float' {
            break
        }
        'ccc;help;pane;break' {
            break
        }
        'ccc;help;pane;close' {
            break
        }
        'ccc;help;layout' {
            [CompletionResult]::new('save', 'save', [CompletionResultType]::ParameterValue, 'Write a session''s tabs and splits as TOML')
            [CompletionResult]::new('load', 'load', [CompletionResultType]::ParameterValue, 'Make a session by a saved layout')
            [CompletionResult]::new('preset', 'preset', [CompletionResultType]::ParameterValue, 'Arrange a tab by a preset, the next one when none is named')
            break
        }
        'ccc;help;layout;save' {
            break
        }
        'ccc;help;layout;load' {
            break
        }
        'ccc;help;layout;preset' {
            break
        }
        'ccc;help;run' {
            break
        }
        'ccc;help;send' {
            break
        }
        'ccc;help;interrupt' {
            break
        }
        'ccc;help;capture' {
            break
        }
        'ccc;help;tail' {
            break
        }
        'ccc;help;peek' {
            break
        }
        'ccc;help;wait' {
            break
        }
        'ccc;help;resize' {
            break
        }
        'ccc;help;events' {
            break
        }
        'ccc;help;control' {
            break
        }
        'ccc;help;export' {
            break
        }
        'ccc;help;rec' {
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List all recordings, also those of ended and removed sessions')
            [CompletionResult]::new('info', 'info', [CompletionResultType]::ParameterValue, 'Say what a recording holds, or what a file of one is')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that recordings are what was written, and name file and place of what is not')
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Make a recording of what another tool recorded')
            [CompletionResult]::new('pause', 'pause', [CompletionResultType]::ParameterValue, 'Keep what a pane prints from the disk, until it is resumed')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Record what a pane prints again')
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Delete a part of a recording: what was printed lately, a command, or some bytes')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Delete the recording of a program that has ended')
            break
        }
        'ccc;help;rec;ls' {
            break
        }
        'ccc;help;rec;info' {
            break
        }
        'ccc;help;rec;verify' {
            break
        }
        'ccc;help;rec;import' {
            break
        }
        'ccc;help;rec;pause' {
            break
        }
        'ccc;help;rec;resume' {
            break
        }
        'ccc;help;rec;forget' {
            break
        }
        'ccc;help;rec;rm' {
            break
        }
        'ccc;help;history' {
            [CompletionResult]::new('import', 'import', [CompletionResultType]::ParameterValue, 'Import commands from the history of bash, zsh, fish or Atuin')
            [CompletionResult]::new('forget', 'forget', [CompletionResultType]::ParameterValue, 'Forget all imported commands that you see')
            break
        }
        'ccc;help;history;import' {
            break
        }
        'ccc;help;history;forget' {
            break
        }
        'ccc;help;search' {
            break
        }
        'ccc;help;replay' {
            break
        }
        'ccc;help;invite' {
            break
        }
        'ccc;help;pair' {
            break
        }
        'ccc;help;hosts' {
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List them')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Give one another address, or one more; with its key, add one whose server knows this machine already')
            [CompletionResult]::new('rename', 'rename', [CompletionResultType]::ParameterValue, 'Give one another name')
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Give this machine another key, which they all learn by the old one')
            [CompletionResult]::new('rm', 'rm', [CompletionResultType]::ParameterValue, 'Forget one; its server still knows this machine until `ccc revoke` there')
            break
        }
        'ccc;help;hosts;ls' {
            break
        }
        'ccc;help;hosts;add' {
            break
        }
        'ccc;help;hosts;rename' {
            break
        }
        'ccc;help;hosts;rekey' {
            break
        }
        'ccc;help;hosts;rm' {
            break
        }
        'ccc;help;who' {
            break
        }
        'ccc;help;stdio' {
            break
        }
        'ccc;help;grant' {
            break
        }
        'ccc;help;role' {
            break
        }
        'ccc;help;revoke' {
            break
        }
        'ccc;help;token' {
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Make a token and print it, with where the server is')
            [CompletionResult]::new('ls', 'ls', [CompletionResultType]::ParameterValue, 'List the tokens that are good')
            [CompletionResult]::new('revoke', 'revoke', [CompletionResultType]::ParameterValue, 'End a token and what was begun with it')
            break
        }
        'ccc;help;token;new' {
            break
        }
        'ccc;help;token;ls' {
            break
        }
        'ccc;help;token;revoke' {
            break
        }
        'ccc;help;server' {
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Give the server another key, for which the old one vouches')
            break
        }
        'ccc;help;server;rekey' {
            break
        }
        'ccc;help;audit' {
            [CompletionResult]::new('query', 'query', [CompletionResultType]::ParameterValue, 'Show entries, oldest first')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check that nothing was changed, and that nothing is missing of what this machine saw before')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write all of it, a JSON line for each record, with the bytes that are hashed and signed')
            break
        }
        'ccc;help;audit;query' {
            break
        }
        'ccc;help;audit;verify' {
            break
        }
        'ccc;help;audit;export' {
            break
        }
        'ccc;help;doctor' {
            break
        }
        'ccc;help;top' {
            break
        }
        'ccc;help;config' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say what is wrong with the configuration, line by line')
            [CompletionResult]::new('path', 'path', [CompletionResultType]::ParameterValue, 'Print where the configuration lies')
            break
        }
        'ccc;help;config;check' {
            break
        }
        'ccc;help;config;path' {
            break
        }
        'ccc;help;version' {
            break
        }
        'ccc;help;completions' {
            break
        }
        'ccc;help;man' {
            break
        }
        'ccc;help;keeper' {
            break
        }
        'ccc;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
