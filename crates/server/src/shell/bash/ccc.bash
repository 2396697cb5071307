# Marks for ccc: where a prompt, a command and its output begin and end (OSC 133), and the working
# directory (OSC 7). A shell is started with `--login --posix` and this file as ENV, because that is the
# only way to be read by it without touching a file of the user's. So this file first does what a login
# shell would have done, and leaves nothing behind of how it was reached.

if [ -z "${BASH_VERSION-}" ] || [[ $- != *i* ]]; then
    return 0
fi
if [[ -z "${CCC_SHELL-}" ]]; then
    return 0
fi

# What reached this file is taken back, so that shells inside this one know nothing of it.
if [[ -n "${CCC_SHELL_ENV+x}" ]]; then
    export ENV="$CCC_SHELL_ENV"
else
    unset -v ENV
fi
if [[ -n "${CCC_SHELL_HISTFILE+x}" ]]; then
    export -n HISTFILE
fi
unset -v CCC_SHELL CCC_SHELL_ENV CCC_SHELL_HISTFILE
set +o posix
BASH_ARGV0=-bash
shopt -u inherit_errexit 2>/dev/null

# The files of a login shell, in bash's own order.
if shopt -q login_shell; then
    [[ -r /etc/profile ]] && . /etc/profile
    if [[ -r ~/.bash_profile ]]; then
        . ~/.bash_profile
    elif [[ -r ~/.bash_login ]]; then
        . ~/.bash_login
    elif [[ -r ~/.profile ]]; then
        . ~/.profile
    fi
else
    [[ -r /etc/bash.bashrc ]] && . /etc/bash.bashrc
    [[ -r ~/.bashrc ]] && . ~/.bashrc
fi

# PS0 is younger than this, and without `promptvars` a prompt cannot tell anything.
if ((BASH_VERSINFO[0] < 4 || (BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] < 4))); then
    return 0
fi
shopt -q promptvars || return 0

# Somebody marks already: one is enough.
case "$(declare -f; printf '%s\n' "${PROMPT_COMMAND[@]-}" "${PS0-}" "${PS1-}"; trap -p DEBUG)" in
*']133;'* | *']633;'*) return 0 ;;
esac

# What follows means the commands that it names, whatever the user calls by the same names.
__ccc_aliases=
shopt -q expand_aliases && __ccc_aliases=1
shopt -u expand_aliases

# The history's number as a prompt shows it, what it was at the last prompt, whether a command has run
# since, and the directory that was told last.
__ccc_number='\!'
__ccc_before=
__ccc_ran=
__ccc_told=

# Prints the bytes of $1 with those escaped that may not stand in the mark.
__ccc_escape() {
    local LC_ALL=C rest=${1:0:4096} safe code
    while [[ -n "$rest" ]]; do
        safe=${rest%%[[:cntrl:]%;]*}
        builtin printf '%s' "$safe"
        rest=${rest:${#safe}}
        if [[ -n "$rest" ]]; then
            builtin printf -v code '%d' "'$rest"
            builtin printf '%%%02X' "$((code & 255))"
            rest=${rest:1}
        fi
    done
}

# Runs in a subshell of PS0, so that it changes nothing. The history has got the command, unless the user's
# settings keep it out (a space before it, a pattern, a repetition): then its number has not changed and
# the text is not told. Then the terminal shows what it was, unless a pattern says that it is to be forgotten.
__ccc_begins() {
    local HISTTIMEFORMAT= last IFS=$' \t\n'
    last=$(builtin history 1)
    if [[ "${__ccc_number@P}" != "$__ccc_before" ]] &&
        [[ "$last" =~ ^[[:blank:]]*[0-9]+[*[:blank:]][[:blank:]](.*)$ ]]; then
        builtin printf '\e]133;C;cmdline_url='
        __ccc_escape "${BASH_REMATCH[1]}"
        builtin printf '\a'
    elif [[ -n "${HISTIGNORE-}" ]]; then
        builtin printf '\e]133;C;cmdline_url=\a'
    else
        builtin printf '\e]133;C\a'
    fi
}

# Before all others of PROMPT_COMMAND: the command has ended. Where these are one text, the next of them
# finds the status that this one returns; a list gives each of them the command's own, and nothing fails
# twice for a trap on ERR.
__ccc_ends() {
    local status=$?
    if [[ -n "$__ccc_ran" ]]; then
        builtin printf '\e]133;D;%s\a' "$status"
        __ccc_ran=
    fi
    if [[ "$__ccc_told" != "$PWD" ]]; then
        __ccc_told=$PWD
        builtin printf '\e]7;file://%s' "${HOSTNAME-}"
        __ccc_escape "$PWD"
        builtin printf '\a'
    fi
    [[ -z "$__ccc_one_text" ]] || return "$status"
}

# After all others: they may have made another prompt.
__ccc_prompts() {
    if [[ "${PS1-}" != *']133;A'* ]]; then
        PS1='\[\e]133;A\a\]'"${PS1-}"'\[\e]133;B\a\]'
    fi
    if [[ "${PS0-}" != *__ccc_begins* ]]; then
        PS0='${__ccc_told:((__ccc_ran=1)):0}$(__ccc_begins)'"${PS0-}"
    fi
    __ccc_before=${__ccc_number@P}
    if [[ "$__ccc_before" == 1 && -z "$(builtin history 1)" ]]; then
        # The first entry does not change the number.
        __ccc_before=0
    fi
}

if ((BASH_VERSINFO[0] > 5 || (BASH_VERSINFO[0] == 5 && BASH_VERSINFO[1] >= 1))); then
    __ccc_one_text=
    PROMPT_COMMAND=(__ccc_ends "${PROMPT_COMMAND[@]}" __ccc_prompts)
else
    __ccc_one_text=1
    PROMPT_COMMAND="__ccc_ends"$'\n'"${PROMPT_COMMAND-}"$'\n'"__ccc_prompts"
fi

[[ -z "$__ccc_aliases" ]] || shopt -s expand_aliases
unset -v __ccc_aliases
