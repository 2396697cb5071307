# Read in the place of the user's .zshenv, because ZDOTDIR led here: it gives ZDOTDIR back, so that all
# other files are the user's own, reads the user's .zshenv, and then asks for the marks.

if [[ -n "${CCC_SHELL_ZDOTDIR+x}" ]]; then
    export ZDOTDIR="$CCC_SHELL_ZDOTDIR"
else
    unset ZDOTDIR
fi
__ccc_marks="${CCC_SHELL-}"
unset CCC_SHELL CCC_SHELL_ZDOTDIR

{
    [[ ! -r ${ZDOTDIR-$HOME}/.zshenv ]] || builtin source -- "${ZDOTDIR-$HOME}/.zshenv"
} always {
    if [[ -o interactive && -n "$__ccc_marks" && -r "$__ccc_marks/ccc.zsh" ]]; then
        builtin source -- "$__ccc_marks/ccc.zsh"
    fi
    unset __ccc_marks
}
