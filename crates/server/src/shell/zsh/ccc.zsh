# Marks for ccc: where a prompt, a command and its output begin and end (OSC 133), and the working
# directory (OSC 7). Nothing is done before the first prompt: then the user's files have been read, and
# it can be seen whether somebody marks already.

__ccc_first() {
    # The options of the user's shell are not those that this is written for.
    builtin emulate -L zsh -o no_warn_create_global -o no_aliases
    precmd_functions=("${(@)precmd_functions:#__ccc_first}")

    # Somebody marks already: one is enough. `functions` has the bodies of all that are loaded.
    # (The quotes keep these very lines from being found.)
    builtin local known="${(j: :)${(v)functions}} ${PS1-} ${PROMPT_EOL_MARK-}"
    if [[ "$known" == *']13''3;'* || "$known" == *']63''3;'* ]]; then
        builtin unfunction __ccc_first __ccc_install
        return
    fi
    __ccc_install
    builtin unfunction __ccc_first __ccc_install
    # This prompt is the first that is marked. Who comes behind may still make another of it, so that the
    # mark stands before it and not in it.
    __ccc_precmd
    builtin print -n -- "${__ccc_osc}A"$'\a'
}

__ccc_install() {
    builtin typeset -g __ccc_ran= __ccc_told= __ccc_eol= __ccc_osc=$'\e]13''3;'

    # Prints the bytes of $1 with those escaped that may not stand in the mark.
    __ccc_escape() {
        builtin emulate -L zsh -o no_multibyte -o extended_glob
        builtin local rest="${1[1,4096]}" safe
        while [[ -n "$rest" ]]; do
            safe="${rest%%[[:cntrl:]%;]*}"
            builtin print -rn -- "$safe"
            rest="${rest[${#safe}+1,-1]}"
            if [[ -n "$rest" ]]; then
                builtin printf '%%%02X' "'${rest[1]}"
                rest="${rest[2,-1]}"
            fi
        done
    }

    # The command begins. What the user keeps out of the history is not told.
    __ccc_preexec() {
        builtin local hidden=
        [[ -o hist_ignore_space && "$1" == ' '* ]] && hidden=1
        builtin emulate -L zsh
        __ccc_ran=1
        if [[ -n "$hidden" || -z "$1" ]]; then
            builtin print -n -- "${__ccc_osc}C;cmdline_url="$'\a'
        else
            builtin print -rn -- "${__ccc_osc}C;cmdline_url="
            __ccc_escape "$1"
            builtin print -n -- $'\a'
        fi
        # zsh marks the end of output that has no line feed before any hook runs; with this the end of
        # the command stands before that.
        if [[ -o prompt_sp && -o prompt_cr && -z "$__ccc_eol" ]]; then
            if [[ -n "${PROMPT_EOL_MARK+x}" ]]; then
                __ccc_eol="x$PROMPT_EOL_MARK"
                PROMPT_EOL_MARK="%{${__ccc_osc}D;%?"$'\a%}'"$PROMPT_EOL_MARK"
            else
                __ccc_eol=-
                builtin typeset -g PROMPT_EOL_MARK="%{${__ccc_osc}D;%?"$'\a%}%B%S%#%s%b'
            fi
        fi
    }

    # Before all other hooks: the command has ended.
    __ccc_precmd() {
        builtin local ended=$?
        [[ -o prompt_sp && -o prompt_cr ]]
        builtin local marked=$?
        builtin emulate -L zsh
        if [[ -n "$__ccc_ran" ]]; then
            [[ "$__ccc_eol" != '' && $marked == 0 && "${PROMPT_EOL_MARK-}" == "%{${__ccc_osc}D;"* ]] ||
                builtin print -n -- "${__ccc_osc}D;$ended"$'\a'
            __ccc_ran=
        fi
        if [[ -n "$__ccc_eol" ]]; then
            if [[ "${PROMPT_EOL_MARK-}" == "%{${__ccc_osc}D;"* ]]; then
                if [[ "$__ccc_eol" == - ]]; then
                    builtin unset PROMPT_EOL_MARK
                else
                    PROMPT_EOL_MARK="${__ccc_eol#x}"
                fi
            fi
            __ccc_eol=
        fi
        if [[ "$__ccc_told" != "$PWD" ]]; then
            __ccc_told="$PWD"
            builtin print -rn -- $'\e]7;file://'"${HOST-}"
            __ccc_escape "$PWD"
            builtin print -n -- $'\a'
        fi
    }

    # After all other hooks: they may have made another prompt.
    __ccc_wrap() {
        [[ -o prompt_percent ]] || { builtin print -n -- "${__ccc_osc}A"$'\a'; return; }
        builtin emulate -L zsh
        if [[ "${PS1-}" != *"${__ccc_osc}A"* ]]; then
            PS1="%{${__ccc_osc}A"$'\a%}'"${PS1-}%{${__ccc_osc}B"$'\a%}'
        fi
        # Somebody came behind since.
        if [[ "${precmd_functions[-1]-}" != __ccc_wrap ]]; then
            precmd_functions=("${(@)precmd_functions:#__ccc_wrap}" __ccc_wrap)
        fi
    }

    precmd_functions=(__ccc_precmd "${(@)precmd_functions}" __ccc_wrap)
    preexec_functions=("${(@)preexec_functions}" __ccc_preexec)
}

builtin typeset -ga precmd_functions preexec_functions
precmd_functions+=(__ccc_first)
