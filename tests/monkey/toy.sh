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

# Twice the same pixels in other colours, of 2x2.
red=/wAA/wAA/wAAAAD/
blue=AAD/AAD/AAD//wAA
part=$(head -c 4096 /dev/zero | tr '\0' A)

kitty() {
    printf '\033_G%s,q=2;%s\033\\' "$1" "$2"
}

# Two colours above each other, 30x42 pixels.
sixel() {
    printf '\033Pq#1;2;100;0;0#2;2;0;60;100'
    printf '#1!30~-#1!15~#2!15~-#2!30~-#1!30~-#2!30~-#1!30~-#2!30~'
    printf '\033\\'
}

# The pieces of an image of 4x2 cells.
pieces() {
    kitty a=T,i=9,f=24,s=2,v=2,U=1,c=4,r=2 $red
    for row in '\314\205' '\314\215'; do
        printf "\033[38;5;9m\364\216\273\256$row\314\205\364\216\273\256\364\216\273\256\364\216\273\256\033[m\n"
    done
}

# An image of 256x128 pixels, in as many parts as it takes.
big() {
    printf '\033_Ga=T,i=11,f=24,s=256,v=128,c=30,r=5,q=2,m=1;%s\033\\' "$part"
    count=1
    while [ $count -lt 31 ]; do
        count=$((count + 1))
        printf '\033_Gm=1;%s\033\\' "$part"
    done
    printf '\033_Gm=0;%s\033\\' "$part"
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
        *sixel*) sixel ;;
        *put*) printf '\033[%d;%dH' 5 9 && kitty a=T,i=7,f=24,s=2,v=2,c=9,r=3 $red ;;
        *again*) kitty a=p,i=7,p=3,c=5,r=4,z=2 '' ;;
        *anew*) kitty a=T,i=7,f=24,s=2,v=2,c=4,r=3 $blue ;;
        *piece*) kitty a=T,f=24,s=2,v=2,x=1,w=1,h=1,c=70,r=2 $blue ;;
        *under*) printf '\033[3;3H' && kitty a=T,f=24,s=2,v=2,c=20,r=4,z=-1 $blue ;;
        *cells*) pieces ;;
        *big*) big ;;
        *across*) printf '\033[4;2Htext over it\033[6;1H한글도 그 위에\033[10;40Hand there' ;;
        *lift*) printf '\033[3S' ;;
        *sink*) printf '\033[2T' ;;
        *insert*) printf '\033[3;1H\033[2L\033[5;1H\033[M\033[6;3H\033[4@' ;;
        *clear*) printf '\033[2J' ;;
        *removed*) kitty a=d,d=I,i=7 '' ;;
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
