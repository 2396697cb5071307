# What runs in the panes of the monkey: each line that is typed may be one of these words, anything else is said
# again. Every word comes to its end by itself or by an interrupt.
stty sane
hit=
trap 'hit=1' INT

paint() {
    frame=0
    while [ $frame -lt 4 ]; do
        frame=$((frame + 1))
        printf '\033[H\033[J'
        row=1
        while [ $row -lt 18 ]; do
            printf '\033[%d;%dH\033[3%d;4%d;%dm한글 %d 😀 👩‍🔧 é wide\033[m' \
                $row $((row * frame % 30 + 1)) $((row % 8)) $(((row + frame) % 8)) $((row % 10)) $frame
            row=$((row + 1))
        done
    done
}

word() {
    case "$1" in
        *rest-*) printf '\033[2;1H\033[2K%s ' "at-${1#*rest-}" ;;
        *flood*) seq 1 4000 ;;
        *paint*) paint ;;
        *wide*) printf '한국어 텍스트가 줄을 넘어간다 😀😀😀 %s\n' "가나다라마바사아자차카타파하가나다라마바사아자차카타파하" ;;
        *other*) printf '\033[?1049h\033[H\033[44;33mother screen 다른 화면\033[m\n' ;;
        *first*) printf '\033[?1049l' ;;
        *light*) printf '\033[?5h' ;;
        *dark*) printf '\033[?5l' ;;
        *hide*) printf '\033[?25l' ;;
        *show*) printf '\033[?25h\033[%d q' 5 ;;
        *title*) printf '\033]0;%s\007' "$1 제목" ;;
        *bell*) printf '\a' ;;
        *note*) printf '\033]9;%s\007' "said $1" ;;
        *link*) printf '\033]8;;https://example.org/%s\033\\a link\033]8;;\033\\ and \033[4:3;58:5:1mwavy\033[m\n' "$1" ;;
        *mouse*) printf '\033[?1002h\033[?1006h' ;;
        *plain*) printf '\033[?1002l\033[?1003l\033[?2004l' ;;
        *hover*) printf '\033[?1003h\033[?1006h\033[?2004h' ;;
        *region*) printf '\033[4;9r\033[9;1H' ;;
        *whole*) printf '\033[r' ;;
        *image*) printf '\033_Ga=T,f=24,s=1,v=1,c=6,r=2;/wAA\033\\\n' ;;
        *gone*) printf '\033_Ga=d\033\\' ;;
        *silent*) stty -echo ;;
        *loud*) stty echo ;;
        *keys*) stty -icanon -echo; head -c 30; stty sane ;;
        *leave*) exit 3 ;;
        *reset*) printf '\033c' ;;
        *) printf '%s\n' "$1" ;;
    esac
}

word rest-ready
while :; do
    if IFS= read -r line; then
        word "$line"
    elif [ -z "$hit" ]; then
        exit 0
    fi
    hit=
done
