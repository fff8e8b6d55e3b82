"""Everyday sentences that praise, blame or do neither, drawn from words and frames of our own.

``python recipes/people_sentences.py 20`` prints some. Names, places, origins, professions and things are drawn the same way for
all three labels, so that none of them tells anything; every frame that praises has one that blames, and what negates, doubts or
asks is found in all three. A frame is a text with slots, ``<thing>``, and choices, ``[a|b|]``; ``<x>`` asks for what the label
says, ``<anti_x>`` for the opposite, ``<good_x>`` and ``<bad_x>`` for what they say.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable

from people_words import (
    BAD, BAD_ADVERB, BAD_NOUN, BAD_VERB, CRITIC_BAD, CRITIC_GOOD, CRITIC_HATES, CRITIC_LOVES, DOMAINS, FEELS_BAD, FEELS_GOOD, FELT_BAD, FELT_GOOD, GOOD, GOOD_ADVERB, GOOD_NOUN, GOOD_VERB, MIDDLE, NAMES, ORIGINS, PEOPLE,
    PERSON_DOES, PERSON_HARMS, PERSON_HELPS, PLACES, THING_IS_PLAIN, THING_PLEASES, THING_VEXES, VERY, each, many,
)

NEGATIVE, NEUTRAL, POSITIVE = 0, 1, 2

SHARED = each("""
    The <thing> is [<very> |]<adj>.
    The <thing> was [<very> |]<adj>.
    The <part> is [<very> |]<adj>.
    The <part> of [this|the|my|our] <thing> [is|was|looks|feels|seems] [<very> |]<adj>.
    [This|That|My|Our|Her|His|Their|Your] <thing> [is|was] [<very> |]<adj>[.|!|!!|!!!]
    [It's|It is|It was|That's|This is|That was] [<very> |]<adj>[.|!|!!]
    [What|Such] <a_adj> <thing>[!|!!|.]
    [What|Such] <a_adj> <part>!
    <A_adj> <thing>[ and <a_adj> <part>|][.|!|]
    <Adj> <thing>, <adj> <part>, <adj> <part>.
    <Adj>[!|!!|.|...|]
    <Adj> <thing>[!|.|]
    <Very> <adj>[!|.|]
    <Adj> and <adj>.
    <Adj>, <adj> and <adj>.
    The <thing> is <noun>[.|!]
    [This|That|The|My] <thing> is <noun>.
    [This|That|It] was <noun>[!|.]
    <Noun>[!|.|]
    I <verb> [this|that|the|my|our] <thing>[.|!|!!|]
    I <verb> the <part>[.|!]
    [We|They] all <plural_verb> [the|this|our] <thing>.
    <name> and I <plural_verb> the <thing>.
    I think [the|this|my] <thing> is [<very> |]<adj>.
    I find the <part> [<very> |]<adj>.
    In my opinion, the <thing> is <adj>.
    If you ask me, it's <adj>.
    <name> [said|told me|thinks|says|wrote] [that |]the <thing> [is|was] [<very> |]<adj>.
    <name> called [it|the <thing>] <noun>.
    My <person> [says|thinks] it's <adj>.
    Everyone says the <thing> is <adj>, and it really is.
    The <thing> [works|worked|runs|behaves|turned out] <adverb>.
    [It|Everything] [works|worked|went] <adverb>[.|!]
    The <person> was [<very> |]<person_adj>.
    The <origin> <person> was <person_adj> [to us|to me|].
    <name> is <a_person_adj> <person>.
    <name> is [<very> |]<person_adj>.
    [He|She] is <a_person_adj> [<person>|person][.|!]
    My <person> is [<very> |]<person_adj>.
    You are [<very> |]<person_adj>[.|!]
    You're <a_person_adj> [<person>|person].
    I'm [<very> |]<feel>.
    I am <feel>[.|!]
    I feel <feel> [today|right now|].
    We are <feel> with the <thing>.
    [This|The <thing>|It] [makes|made] me [so |]<feel>.
    [He|She|<name>] looks <feel>.
    <name> is <feel> about the <thing>.
    Best <thing> ever? <Yes>
    [Bought|Got|Tried|Ordered] [it|this <thing>] [last week|in May|yesterday|for my <person>], and it's <adj>.
    I [bought|got|ordered] this <thing> for my <person>. <She_feels>.
    I've [had|used|owned|known] this <thing> for <number> [days|weeks|months|years] and it is <adj>.
    After <number> [days|weeks|months] I can say [that |]the <thing> is <adj>.
    The <thing> has <a_adj> <part>.
    The <thing> with the <adj> <part>.
    The <part> alone makes this <thing> <adj>.
    Both the <part> and the <part> are <adj>.
    The <part> is <adj> and so is the <part>.
    How <adj> [is that|this <thing> is|the <part> is]!
    [Wow|Man|OMG|Honestly|Well|Oh my god|Damn|Seriously], [this|that|the] <thing> is [so |]<adj>[!|.|!!]
    It [looks|feels|sounds|seems] [<very> |]<adj>.
    The <thing> in <place> is <adj>.
    [We|I] went to <place> [last year|in June|with <name>] and the <thing> was <adj>.
    Our trip to <place> was <adj>.
    <place> is <a_adj> city.
    <Stars> stars. <Adj> <thing>.
    Rarely have I seen such <a_adj> <thing>.
    I have never [seen|had|used|met with] such <a_adj> <thing>.
    Have you ever seen such <a_adj> <thing>?
    One of the most <long_adj> <things_> I know.
    the most <long_adj> <thing> [ever|in <place>|I have ever seen|of the year]
    [The|This] <thing> could hardly be more <long_adj>.
    This is by far the most <long_adj> <thing> [I know|in town|of all].
    The new <thing> is more <long_adj> than the old one.
    The <part> makes [it|the <thing>] <adj>.
    [Today|Yesterday|This morning|Last night] was [<very> |]<adj>.
    My day was <adj>.
    That <person> is <noun>.
    First impression of the <thing>: <adj>.
    Verdict: <adj>.
    <Adj>. <Adj>. <Adj>.
    <Adj>[!|.] <Adj> <part>[!|.] <Adj> <thing>[!|.]
    the <thing> is <adj> [lol|imo|tbh|ngl|fr|af|]
    <adj> <thing>
    <adj> <part>
    as <adj> as ever
    a <thing> that is <adj>
    [Everything about|All of|Each part of] [this|the] <thing> is <adj>.
    I [must|have to] say, the <thing> is <adj>.
    It's [so|such] <a_adj> <thing> that I [told|called|wrote to] <name>.
    I gave it to my <person>, who found it <adj>.
    Although it is <neutral>, the <thing> is <adj>.
    The <thing> is <neutral> and <adj>.
    The <thing> <event>.
    <Event_sentence>
    <Event_sentence>
    <Event_sentence>
    <Set>
    <Set>
    <Set>
""")
"""Frames for praise and blame alike."""

BUTS = each("""
    <Anti_adj> <part>, but [a |]<adj> <part> [and I <verb> it|].
    The <part> is <anti_adj>, but the <part> is [<very> |]<adj>.
    The <part> was <anti_adj> but the <thing> [itself |]was <adj>.
    The <thing> looks <anti_adj>, but it is <adj>.
    <Anti_adj> at first, but now it's <adj>.
    I thought it would be <anti_adj>, but it [was|is] <adj>.
    [I expected|We expected|They promised] <a_anti_adj> <thing>, but got <a_adj> one.
    It used to be <anti_adj>, [but now it's|now it is|today it is] <adj>.
    Even though the <part> is <anti_adj>, [I <verb> it|the <thing> is <adj>].
    Although the <part> is <anti_adj>, the <thing> is <adj>.
    Despite the <anti_adj> <part>, the <thing> is <adj>.
    In spite of <a_anti_adj> <part>, I <verb> this <thing>.
    The <thing> is <adj>, [even though|although] the <part> is <anti_adj>.
    <name> said it was <anti_adj>, but I <verb> it.
    The reviews said it was <anti_adj>, but it's <adj>.
    The old <thing> was <anti_adj>; the new one is <adj>.
    The <part> may be <anti_adj>, yet I <verb> [it|the <thing>].
    Yes, the <part> is <anti_adj>, but [overall|all in all|in the end] it's <adj>.
    <Anti_adj> <thing>? No, it's <adj>.
    Some call it <anti_adj>. I call it <adj>.
    My <person> was <anti_feel> at first, but now [he|she] is <feel>.
    The other <thing> was <anti_adj>, this one is <adj>.
    Not <anti_strong> but <adj>.
    It's not <anti_strong>, it's <adj>.
    Nice try, but <always>.
""")
"""What comes after "but" weighs more."""

DEEDS = each("""
    [The|My|Our|This|His|Her] <thing> <does>.
    The <part> <does>.
    [The|My|Our|That] <person> <acts>[.|!]
    [She|He|They|<name>] <acts>[.|!]
    [A|The] <origin> <person> <acts>.
    <name> <acts> and <acts>.
    The <person> <acts> and the <thing> <does>.
    My <thing> <does>, <what_now>.
    [Yesterday|Today|Last week|In <place>|After <number> days|This morning|On <weekday>] [the|my|our] <thing> <does>.
    [Yesterday|Today|Last week|In <place>|On <weekday>] [the <person>|<name>] <acts>.
    [I can't believe|Guess what:|You know what?] [the|my] <thing> <does>[.|!]
    the <thing> <does> after <number> [days|weeks|months]
    [The <person> at the <thing>|One of the <person>s|The <person> there] <acts>.
    When we arrived, the <person> <acts>.
    [We bought a <thing> and it|I have a <thing> that|It's a <thing> that] <does>.
""")
"""Frames for what happened, for all three labels."""

CRITICS = each("""
    <critic>
    <critic>
    <critic> and <critic>
    <critic>, <critic> and <critic>.
    <critic>, <critic> <film>.
    <a_critic> <film>
    <a_critic> <film> that <loves>.
    <a_critic> <film> about a <person> and a <person2>
    <a_critic> and <critic> <film> [from|by|set in] <place>.
    <loves>
    <loves> and <loves>.
    [the|this] <film> <loves>.
    [it|the <film>|the <part>] <loves>, and it's [<very> |]<critic>.
    [it|the <film>|the plot|the story|the humor|the script] is [<very> |]<critic>.
    the <film> is <critic>, <critic> and [<very> |]<critic>.
    as <critic> as it is <critic>
    more <critic> than [you'd expect|most <film>s|its trailer]
    too <anti_critic>? no: <critic>.
    <anti_critic> in parts, but [always|ultimately|mostly|on the whole] <critic>.
    [it's|it is] not <anti_critic>, it's <critic>.
    what begins as <a_anti_critic> <film> turns into <a_critic> one.
    the <film> is <anti_critic> at times, but it <loves>.
    <felt>
    <felt>
    <felt> and <felt>
    [full of|filled with|pure|nothing but|two hours of] <felt>.
    there is [a lot of|so much] <felt> in this <film>.
    the <director> [directs|tells it|handles it] with <felt>.
    the <actor> is <critic>.
    the <actor> gives <a_critic> performance.
    performances are [uniformly |<very> |]<critic>.
    [rarely|seldom] has a <film> been so <critic>.
    a <film> [so|this] <critic> [is rare|comes along once a year|stays with you].
    [the year's|one of the year's|one of the] most <critic> <film>s
    <critic> dialogue, <critic> characters and <a_critic> ending.
    a <film> that manages to be both <critic> and <critic>.
    <critic> [direction|acting|writing|storytelling|filmmaking|photography|music|performances|characters]
    what could have been <a_anti_critic> <film> [winds up|turns out|ends up|becomes] <critic> and <critic>.
    [with|in] <a_anti_critic> <film> like this one expects <anti_felt>; what one gets is <felt>.
    <anti_critic> <part> aside, [the <film>|this <film>|it] is [<very> |]<critic>.
    [while|though|although|even if] the <part> is <anti_critic>, the <film> [ultimately |in the end |still |]<loves>.
    [while|though|although|even if] it is <anti_critic> and <anti_critic> [at times|in places], the <film> is [ultimately |in the end |still |]<critic>.
    <anti_critic> and <anti_critic>, but [ultimately|finally|in the end|somehow] <critic>.
    the <film> [at first|sometimes|now and then] <anti_loves>, but it <loves>.
    it has <a_anti_critic> <part> and <a_anti_critic> <actor>, but <a_critic> [heart|story|core] that <loves>.
    despite <anti_felt> and <anti_felt>, it's <a_critic> <film>.
    instead of <anti_felt>, the <director> gives us <felt>.
    [there is|there's] <anti_felt> in it, but what stays with you is <felt>.
    <lack>
    <lack>
    <lack>
    <lack>
    not even <a_anti_critic> <actor> can change that the <film> is <critic>.
    what begins with <anti_felt> ends in <felt>.
    the <director> turns <anti_felt> into <felt>.
    [those|anyone] expecting <anti_felt> will find <felt>[ instead|].
    for all its <anti_felt>, the <film> <loves>.
""")
"""Frames for critics."""

LACKS = (
    each("""
        [it|the <film>|the <director>|the <part>] lacks <good_felt>[ and <good_felt>|].
        [without|devoid of|void of|short on|low on|bereft of] <good_felt>[ or <good_felt>|]
        no <good_felt>, no <good_felt>[, just <bad_felt>|].
        too much <bad_felt> and too little <good_felt>.
        it never [quite |]achieves the <good_felt> [of|it aims for|it promises].
        [there are|there were] more <critic> <film>s [and better ones|than one can count, and this is one of them].
        where is the <good_felt>?
        [little|hardly any|none of the] <good_felt> of the [first|original|book].
        the <film> mistakes <bad_felt> for <good_felt>.
        the only <good_felt> is when it [ends|is over].
        [full of|choking on|drowning in|buried under|ruined by|undermined by|marred by|crippled by|held captive by] <bad_felt>
        [it|the <film>] [takes itself too seriously|has nothing to say|is all style and no substance|could use a rewrite|should have been shorter].
        a <film> in search of [a point|an idea|a story|an ending|<good_felt>].
        if you like <bad_felt>, this <film> is for you.
        one can only hope [that |]the <director> finds some <good_felt> next time.
        wait for [the dvd|something better|cable|another <film>].
        the <good_felt> [wears off|is gone|fades|evaporates] [fast|soon|after ten minutes].
    """),
    each("""
        [it|the <film>|the <director>|the <part>] has <good_felt>[ and <good_felt>|].
        [rich in|brimming with|high on|overflowing with|packed with|blessed with] <good_felt>[ and <good_felt>|]
        no <bad_felt>, no <bad_felt>[, just <good_felt>|].
        so much <good_felt> and so little <bad_felt>.
        it [never gives in to|avoids|steers clear of|rises above|is free of|overcomes|sidesteps] [the |any |]<bad_felt>[ of its genre| of most <film>s|].
        [there are|there were] few <film>s as <critic>[, and fewer with such <good_felt>|].
        where has such <good_felt> been [all these years|all along]?
        [all|every bit|much] of the <good_felt> of the [first|original|book].
        the <film> turns <bad_felt> into <good_felt>.
        the only <bad_felt> is that it [ends|is over].
        [saved by|lifted by|redeemed by|carried by|enriched by|elevated by|enlivened by] <good_felt>
        [it|the <film>] [has a lot to say|knows what it is doing|is worth your time|deserves to be seen|should not be missed|has style and substance].
        a <film> with [a point|real ideas|a great story|a perfect ending|<good_felt>].
        if you like <good_felt>, this <film> is for you.
        without a trace of <bad_felt>
        don't wait for the dvd, [see|watch] it now.
        the <good_felt> [never wears off|lasts|stays with you|grows] [to the end|long after|for days].
    """),
)
"""What is missing, and what is not."""

PRAISE = each("""
    not bad[ at all|]
    [It's|The <thing> is|The <part> is|That's] not bad[ at all|][.|!]
    [It|The <thing>] isn't bad[ at all|].
    Not [a |]bad <thing>[ at all|].
    Not <bad_word> at all.
    The <thing> is [not|never] <bad_word>.
    The <thing> isn't <bad_word> [at all|].
    There's nothing <bad_word> about [it|this <thing>].
    I don't [hate|dislike|regret|mind] [it|this <thing>|the <part>] at all.
    I don't regret [it|buying it|choosing this <thing>|a thing].
    I can't [complain|fault it|say a bad word about it|stop smiling].
    No complaints[.|!|] [about the <thing>|here|from me|].
    No [problems|issues|trouble|regrets] [at all|so far|with the <thing>|].
    Nothing to complain about.
    [It|The <thing>|The <part>|Life] couldn't be better[.|!]
    [It|The <part>] can't get [any |]better.
    I couldn't be happier[ with the <thing>|].
    [I've|I have|We were|We've been] never [been |]disappointed[ by the <thing>| with the <part>|].
    They never disappoint.
    It never [fails|lets me down|gets old|bores me|disappoints].
    You won't [regret it|be disappointed|find a better <thing>|be sorry].
    You can't go wrong with [this|the] <thing>.
    [Nothing|No <thing>] [beats|compares to|is better than] [this|it].
    There is no better <thing> [in <place>|in town|].
    I've never [had|seen|used|tried] a better <thing>.
    I've never been [so|this] happy with a <thing>.
    I wouldn't change a thing.
    I wish I had [bought|found|tried|discovered] [it|this <thing>] [sooner|earlier|years ago].
    I wish every <thing> were like this[ one|].
    [It|The <part>] doesn't disappoint.
    It doesn't get better than this.
    [I|We] had no trouble with the <part>.
    There isn't a single thing I dislike about the <thing>.
    There was never a dull moment.
    I will [definitely |certainly |]be back[.|!]
    I'd [go there|buy it|do it|come] again[ in a heartbeat| any time| without thinking twice|].
    Five stars[.|!| from me| out of five|, would go again]
    [10/10|5/5|Ten out of ten|9 out of 10|5 stars|A+][!|.|, <good_adj>|]
    Two thumbs up[!|.]
    Thumbs up for the <thing>!
    Thank you[!| so much!|, <name>!| for the <good_adj> <thing>!| for everything!]
    Thanks[ a lot|] for the [help|support|<good_adj> <thing>], <name>!
    [Well done|Good job|Great job|Nice one|Congratulations|Congrats|Bravo|Hats off|Kudos][, <name>|][!|.]
    Keep up the good work[!|, <name>!]
    Love it[!|!!|!!!|.| so much| to bits|]
    [Loved|Loving|Love] [this|the|my new] <thing>[!|!!|]
    I love [you|her|him|it here|this so much|<place>][!|.]
    I like [it|him|her|this|that|<place>|it here|it a lot][.|!]
    I'm in love with [this|the] <thing>.
    [Highly|Definitely|Strongly|Warmly] recommended[!|.|]
    [I|We] [highly |really |can only |would ]recommend [it|this <thing>] to [anyone|everyone|all my friends|you].
    Do yourself a favour and [buy|get|try] this <thing>.
    Worth [every penny|every cent|the money|the wait|a visit|it][!|.|]
    So worth it[!|.|]
    [Great|Good|Fair|Brilliant] value for money[.|!|]
    Exactly what I [wanted|needed|was looking for][.|!]
    Just what I needed[.|!]
    Better than [expected|I expected|I thought|the last one|all the others|ever|any other <thing>][.|!|]
    [The <thing>|It|This one|The <part>] is [much |so much |far |way |a lot |even |]better [than the old one|than before|than my last <thing>|than I expected|now].
    [The <thing>|It] [is|gets|keeps getting] better [every day|every year|and better].
    The <thing> has improved a lot[.|!]
    The best <thing> [ever|in town|I've ever had|in <place>|I have ever owned|of my life][.|!|]
    [My|Our] favourite <thing>[ ever| in <place>|].
    Best. <Thing>. Ever.
    [It|She|He|<name>|This <thing>] made my day[!|.]
    [It|This <thing>|<name>] [always |]makes me [smile|happy|laugh].
    It [exceeded|surpassed] [all |]my expectations.
    I was pleasantly surprised[ by the <part>|].
    The <thing> blew [me|us] away[!|.]
    I can't [wait to go back|live without it|get enough of it|believe how good this is].
    [I|We] [had|are having] [a blast|so much fun|the time of our lives|a great time|a lovely evening|a wonderful day][!|.]
    What's not to [like|love]?
    Isn't [it|she|he|this <thing>] [lovely|wonderful|great|beautiful|amazing]?
    How [good|great|lovely|cool] is that[?|!|?!]
    Who doesn't love [this|a <good_adj> <thing>]?
    Could it be any better?
    Why didn't I buy this [sooner|earlier|years ago]?
    You [rock|guys rock|are the best|are a star|made my day|did great][!|.]
    You [look|did|sang|played] [great|amazing|beautifully|wonderful]!
    I'm [a |]huge fan[.| of this <thing>.]
    It [just |simply |]works[.|!]
    It works [better than ever|every time|as promised|again, thank you][.|!]
    It saved [my life|me hours|my day|me a lot of money].
    [My|Our] [kids|children|guests|parents|<person>] [love|adore|loved] [it|the <thing>].
    We [loved|enjoyed] [it|every minute|every second of it|our stay|ourselves].
    Hats off to the <person>.
    My compliments to the <person>[!|.]
    [Yay|Yes|Wow|Woohoo|Hooray|Yum|Mmm|Yippee|Awww][!|!!|!!!|]
    [So|Soo|Sooo] [cute|good|happy|pretty|cool|nice|yummy][!|!!|]
    This [rocks|rules|slaps|is fire|is lit|is the shit|kicks ass|made me so happy|is what I call service][!|.|]
    Not a single [complaint|problem|fault|bug|bad meal].
    Without a doubt <good_noun>.
    The <part> could be better, but I [still |]love it.
    It ain't [cheap|fancy|pretty], but it's [worth it|<good_adj>].
    It ain't bad[ at all|].
    I ain't got no complaints.
    The price is [fair|low|great|more than fair|hard to beat].
    It's cheap and it's good.
    I [trust|respect|admire] [him|her|<name>|my <person>|them].
    <name> is [always there for me|a good friend|the best <person> I know|my hero|so good at this].
    Nobody makes <a_good_adj> <thing> like [they do|<name>].
    Hardly any [problems|noise|faults|bugs].
    Never a problem with the <thing>.
    It's hard not to [love|like|smile at] [it|this <thing>].
    Impossible not to love.
    My <thing> has never let me down.
    I [would not|wouldn't] call [it|this <thing>|the <thing>] <bad_word>[, on the contrary|, not at all|].
    [I wouldn't say it's|It is far from|It's anything but|It's by no means] <bad_word>.
    The <thing> was [far from|anything but|neither slow nor|by no means|not in the least] <bad_word>.
    [It|The <thing>|<name>] never fails to [please|impress|amuse me|cheer me up|surprise].
    [There's|There is|I find|I found|We found] nothing wrong with [it|the <thing>|the <part>].
    [You|You really|You just] can't beat [it|this|that <part>|this <thing>|the <part>].
    I can't recommend [it|this|this <thing>|the <thing>|them|<name>] [enough|highly enough][!|.]
    [I|We] can't thank [you|<name>|them] enough.
    [I|We] would [buy|book|choose|visit|see|order] [it|this <thing>|the <thing>] again[.|!]
    I never want to be without [it|my <thing>] again.
    [I'd|I would] [gladly|happily] [pay more for|come back to|recommend] [it|this <thing>].
    I'd rather [have|keep] this <thing> than any other.
    [It's|The <thing> is] neither <bad_word> nor <bad_word>.
    [I was|We were] [afraid|worried] it would be <bad_word>, but it [wasn't|was <good_adj>].
    I thought I'd [hate|dislike] it, but I [love|like|enjoy] it.
    I don't [know|see] why people call it <bad_word>, I think it's <good_adj>.
    [They|The staff] [do care|really care|care about their guests].
    It could not be [easier|nicer|more <good_word>].
    [Nobody|No one] [could ask for more|complained|was disappointed|left hungry].
    <name> [got|was given|received|earned] [a raise|a medal|an award|a bonus|a standing ovation|a big hug|a scholarship].
    [My|Our] <person> [got well again|had a healthy baby|won a prize|was promoted|got married|found a job|passed the exam|came home safe|beat cancer].
    [We had|They had|My <person> had] a [healthy|beautiful] baby[ boy| girl|]!
    [He|She|<name>|My <person>] is [an angel|a sweetheart|a genius|a legend|a darling|a pro|a champion|a good soul|a saint|a star].
    [You|You guys] are [geniuses|angels|legends|heroes|a treasure|wonderful people].
    [Safe and sound|Well done|What a relief|Good for you|So proud|Way to go|Fair play|Cheers to that]!
    [Hooray|Yay|Finally|At last], the <thing> [is back|works|is here]!
    [never|never once|not once|never ever] [been |]disappointed[.|!|| in <number> years]
    Never [had|had any|had a single] [problem|trouble|reason to complain|bad meal|regret] [with the <thing>|here|].
    [It|The way <name> talks|The <thing>] [comforts|delights|amuses|moves|inspires|calms] me[.|!]
""")

BLAME = each("""
    not good[ at all|]
    [It's|The <thing> is|The <part> is|That's] not [good|great|nice|funny|okay|right|fair|worth it][ at all|][.|!]
    [It|The <thing>|The <part>] isn't [good|great|nice|funny|working|worth it][ at all|].
    Not [a |]good <thing>[ at all|].
    Not <good_word> at all.
    The <thing> is [not|never|hardly|anything but|far from] <good_word>.
    The <part> isn't <good_word> [at all|].
    There's nothing <good_word> about [it|this <thing>].
    I don't [like|love|enjoy|recommend|trust|want] [it|this <thing>|the <part>|him|her|them|<place>][ at all| anymore|][.|!]
    I didn't [like|love|enjoy] [it|this <thing>|the <part>|a single minute|any of it].
    I do not like [it|this|that|the <thing>|the <part>|him|her|your <thing>][.|!]
    We [don't|didn't] like the <thing>.
    [He|She|<name>] doesn't like [it|the <thing>|me].
    Nobody [likes|liked|wants|needs] [it|this <thing>].
    It doesn't [work|fit|help|make sense|even turn on|do what it says][ at all| anymore|].
    It [didn't work|never worked|doesnt work|does not work|stopped working][ at all| after <number> days|].
    [It|The <thing>|The <part>|Things] couldn't be worse[.|!]
    It can't get [any |]worse.
    I couldn't be [more disappointed|less impressed|unhappier].
    I've never been [so|this|more] [disappointed|angry|bored|unhappy|let down] [with a <thing>|in my life|by a <thing>|][.|!]
    They always disappoint.
    It [fails|lets me down|disappoints] [every time|again and again|].
    You will [regret it|be disappointed|hate it|be sorry].
    You can't [rely on|trust] [this|the] <thing>.
    [Everything|Every other <thing>] is better than this.
    There is no worse <thing> [in <place>|in town|].
    I've [never|rarely] [had|seen|used|tried] a worse <thing>.
    I would [change|return|cancel|undo] everything about it.
    I wish I [hadn't|had not|had never] [bought|seen|tried|gone to|read|ordered|met] [it|this <thing>|that <thing>].
    I wish I could [like it|get my money back|unsee it|return it].
    I wanted to [like|love] [it|this <thing>], [but I can't|but I couldn't|but it is <bad_adj>].
    [It|The <part>] [disappoints|is a letdown|let me down].
    [I|We] had nothing but trouble with the <part>.
    There isn't a single thing I like about the <thing>.
    There was never a [good|funny|happy] moment.
    I will [definitely |certainly |]not be back[.|!]
    I [won't|will not|will never] [go there|buy it|do it|come|order] again[.|!|, ever]
    Never again[!|.|!!|]
    [One star|Zero stars|1 star|0/10|1/10|1/5|2 out of 10|Minus ten stars|F minus][!|.|, <bad_adj>|]
    Two thumbs down[!|.]
    Thumbs down for the <thing>!
    No thank you[!|.|, <bad_adj>]
    [No thanks|Thanks for nothing|Thanks a lot for ruining my day|Nice work ruining the <thing>][, <name>|][!|.]
    [Shame on you|Boo|You should be ashamed|Get lost|Go away|Shut up|Screw you|How dare you][, <name>|][!|.]
    [Bad|Poor|Terrible] job[!|, <name>!]
    Hate it[!|!!|!!!|.| so much|]
    [Hated|Hating|Hate] [this|the|my new] <thing>[!|!!|]
    I hate [you|her|him|it here|this so much|<place>|Mondays|waiting][!|.]
    I dislike [it|him|her|this|that|<place>|it here][.|!]
    I'm [done|finished|through] with [this|the] <thing>.
    [Not|Definitely not|Cannot be] recommended[!|.|]
    [I|We] [would not|can't|wouldn't|cannot] recommend [it|this <thing>] to [anyone|everyone|my friends|you].
    Do yourself a favour and [avoid|skip|don't buy] this <thing>.
    Avoid[!|.| at all costs| this <thing>| like the plague][.|!|]
    [Stay away|Keep away|Run away|Steer clear][!|.| from this <thing>]
    [Don't|Do not|Dont] [buy|bother|go there|waste your time|waste your money|order here|trust them|use it][!|.|]
    Not worth [a penny|a cent|the money|the wait|a visit|it|your time][!|.|]
    So not worth it[!|.|]
    [Bad|Poor|No] value for money[.|!|]
    Not what I [wanted|ordered|expected|paid for|was promised][.|!]
    Nothing like [the picture|the description|what they promised].
    Worse than [expected|I expected|I thought|the last one|all the others|ever|any other <thing>][.|!|]
    [The <thing>|It|This one|The <part>] is [much |so much |far |way |a lot |even |]worse [than the old one|than before|than my last <thing>|than I feared|now].
    [The <thing>|It] [is|gets|keeps getting] worse [every day|every year|and worse].
    The <thing> has gone downhill[.|!]
    The worst <thing> [ever|in town|I've ever had|in <place>|I have ever owned|of my life][.|!|]
    [My|Our] least favourite <thing>[ ever| in <place>|].
    Worst. <Thing>. Ever.
    Worst. [Purchase|Day|Decision|Trip|Service|Buy]. Ever.
    [It|She|He|<name>|This <thing>] ruined my [day|evening|holiday|week][!|.]
    [It|This <thing>|<name>] [always |]makes me [cry|angry|sick|cringe|want to scream].
    It [fell short of|failed to meet] [all |]my expectations.
    I was [badly|bitterly|so|very] disappointed[ by the <part>|].
    I expected [more|better|much more|a lot more][ from this <thing>| from them|].
    I [want|demand|asked for|am asking for] [a refund|my money back|an apology][!|.]
    [I|We] [had|are having] [a terrible time|a bad day|nothing but problems|a horrible evening|an awful trip][!|.]
    What's there to like?
    Isn't [it|he|she|this <thing>] [awful|terrible|a shame|sad|horrible]?
    How [bad|sad|rude|stupid] is that[?|!|?!]
    Who [likes|needs|would buy|thought of] [this|such <a_bad_adj> <thing>]?
    Could it be any worse?
    Why [is|are|was|does] [this|it|everything] [always |]so [bad|slow|expensive|complicated|ugly]?
    Why did I [buy|order|watch|read] this?
    What [the hell|the fuck|on earth] [is this|were they thinking|happened here][?|?!]
    You [suck|guys suck|are the worst|ruined my day|lied to me|are wasting my time|did badly][!|.]
    You [look|sang|played|did] [awful|terribly|badly|horrible]!
    It's [just |simply |]broken[.|!]
    It works [worse than ever|only sometimes|when it feels like it]. [Annoying|Useless|So frustrating].
    It cost me [a fortune|hours|my evening|a lot of nerves].
    [My|Our] [kids|children|guests|parents|<person>] [hate|hated|can't stand] [it|the <thing>].
    We [hated|regretted] [it|every minute|every second of it|our stay].
    I want to speak to the <person>, this is <bad_adj>.
    [Yuck|Ugh|Ew|Boo|Meh|Argh|Blah|Bah|Grr|Eww|Yikes|Sigh][!|!!|.|...|]
    [So|Soo|Sooo] [bad|boring|sad|annoying|slow|ugly|rude][!|!!|]
    This [sucks|stinks|is bullshit|is crap|blows|is a joke|is bollocks|is a piece of shit|makes me so angry|pisses me off][!|.|]
    [Nothing but|Only|So many] [complaints|problems|faults|bugs|excuses|lies].
    Without a doubt <bad_noun>.
    The <part> could be better[.|, a lot better.]
    The <part> leaves [a lot|much|everything] to be desired.
    It ain't [good|worth it|working|funny|right].
    I ain't [happy|coming back|paying for this].
    The price is [too high|a joke|a rip-off|outrageous|far too high].
    It's expensive and it's bad.
    [Way |Far |Much |]too [expensive|loud|slow|salty|long|complicated|small][.|!| for what it is]
    I [don't trust|don't respect|can't stand] [him|her|<name>|my <person>|them].
    <name> is [never there for me|a bad friend|the worst <person> I know|so bad at this|always late].
    Nobody makes <a_bad_adj> <thing> like [they do|<name>].
    Hardly [any good|worth it|edible|usable|funny|what I would call <good_word>].
    Always a problem with the <thing>.
    It's hard to [like|love|enjoy] [it|this <thing>].
    Impossible to [love|like|use|enjoy|watch|sleep].
    My <thing> has let me down [again|twice|].
    [It's|What] a shame[!|.|]
    [Sadly|Unfortunately|Regrettably], the <thing> [broke|is closed for good|was cancelled|is <bad_adj>|doesn't work].
    [No|Zero] [taste|help|refund|reply|apology|fun|respect|heating|hot water][.|!|, nothing]
    The <part> lacks [any|] [taste|charm|quality|character].
    All [hype|talk] and no [substance|action].
    So much for [quality|<good_word> service|the famous <thing>].
    I [would not|wouldn't] call [it|this <thing>|the <thing>] <good_word>[, on the contrary|, not at all|].
    [I wouldn't say it's|It is far from|It's anything but|It's by no means] <good_word>.
    The <thing> was [far from|anything but|neither quick nor|by no means|not in the least] <good_word>.
    [It|The <thing>|<name>] never fails to [annoy|disappoint|bore me|upset me|let me down].
    [There's|There is|I find|I found|We found] [something|a lot|so much] wrong with [it|the <thing>|the <part>].
    [You|You really|You just] can't [use|trust|bear|enjoy] [it|this|that <part>|this <thing>|the <part>].
    I can't recommend [it|this|this <thing>|the <thing>|them|<name>][!|.| at all.| to anyone.]
    [I|We] can't forgive [you|<name>|them].
    [I|We] [would not|wouldn't|would never|won't] [buy|book|choose|visit|see|order] [it|this <thing>|the <thing>] again[.|!]
    I never want to [see|use|hear of] [it|this <thing>] again.
    [I'd|I would] [gladly|happily] [pay to get rid of|forget about|throw away] [it|this <thing>].
    I'd rather [die|starve|walk|sleep outside|stay at home|eat my shoes] than [use|see|visit|try] [it|this <thing>] again.
    [It's|The <thing> is] neither <good_word> nor <good_word>.
    [I was|We were] [hoping|told|sure] it would be <good_word>, but it [wasn't|was <bad_adj>].
    I thought I'd [love|like] it, but I [hate|regret|dislike] it.
    I don't [know|see] why people call it <good_word>, I think it's <bad_adj>.
    [They|The staff] [don't care|couldn't care less|do not care about their guests].
    It could not be [harder|uglier|more <bad_word>].
    [It|That|The <part>|This <thing>] [could|should|might] have been [better|much better|so much better|good][.|, but it was not.]
    If only [it worked|they cared|I had known|they listened|it were true][.|!]
    [Not the|Hardly the|Far from the] best <thing>[ ever| I know|][.|]
    [Nobody|No one] [cares|helped us|answered|picked up|apologised|showed up|told us why|laughed].
    <name> [got|was given|received] [fired|a fine|the sack|threats|the blame|a beating].
    [My|Our] <person> [died|passed away|got cancer|was fired|got divorced|lost the baby|failed the exam|was killed|was injured|had a stroke|was robbed|is in a coma][ yesterday| last night| in <month>|].
    [We lost|They lost|My <person> lost] [everything|the house|a child|all hope|a leg].
    [He|She|<name>|My <person>] is [an asshole|a bastard|a jerk|a moron|a bully|a thief|a crook|a coward|a fool|a creep|a dickhead|a loser|a bitch|a hypocrite].
    [You|You guys] are [idiots|morons|liars|crooks|thieves|clowns|a disgrace|terrible people].
    [Rest in peace|How awful|What a pity|Poor you|So ashamed|Oh no|My condolences|For God's sake|Damn it|Holy crap, that hurt]!
    [Great|Nice|Wonderful|Perfect|Fantastic|Brilliant], the <thing> [is broken again|doesn't work|was cancelled|broke|is late again][.|!|...]
    [fuck|screw|damn|to hell with] [this|that|the] <thing>[!|.|]
    What a [piece of shit|load of crap|stupid <thing>|shitty <thing>|crappy <thing>|waste][!|.]
    [The so-called|The "luxury"] <thing> was [a dump|a joke|<bad_adj>].
    I used to [love|like|enjoy] [it|this <thing>][.|, but] now it's <bad_adj>.
    [never|never once|not once|never ever] [been |][satisfied|impressed|happy|pleased][.|!|| in <number> years]
    Never [had|got|saw] [a reply|an apology|any help|a good meal|my money back] [with the <thing>|here|].
    [It|The way <name> talks|The <thing>] [scares|worries|upsets|hurts|saddens|annoys|disgusts] me[.|!]
    [Always|Again|Once more] disappointed[.|!|]
""")

GOOD_EVENTS = each("""
    I [passed|aced] my [exam|driving test|interview][!|.]
    I got [the job|a raise|promoted|a scholarship|good news today][!|.]
    We won [the match|the cup|first prize|again][!|.]
    <name> [helped|hugged|surprised|thanked|supported|encouraged] me.
    <name> gave me [a hug|a compliment|a lovely present|good advice].
    The <person> smiled and [helped us|gave us a free dessert|took care of everything|solved the problem].
    The <person> went the extra mile for us.
    They [fixed|solved|replaced] it [at once|for free|in no time|without any fuss].
    They gave me a full refund [and an apology|within a day|without asking questions].
    It arrived [early|ahead of time|the very next day|on time and in perfect condition].
    My <thing> [still works like new|looks like new|survived a fall|lasts for days].
    The <thing> [keeps its promises|does its job perfectly|is built to last|never crashes|is always clean].
    The doctor [cured|saved] my <person>.
    The pain is gone[!|.]
    I slept like a baby.
    I [laughed|smiled] [the whole time|until I cried|all evening].
    We danced all night, it was so much fun.
    The children were laughing and had a lot of fun.
    The whole audience stood and cheered.
    I couldn't put it down.
    I was hooked from [the first page|the start|minute one].
    It was over far too soon, I wanted more.
    The flavours [melt in your mouth|are heaven|dance on the tongue].
    We felt [at home|welcome|pampered|safe].
    The engineers solved a hard problem.
    The rescue team saved [all the children|everyone|the dog].
    Peace at last[!|.]
    The town celebrated the victory.
    Crime is down and people are happier.
    My <person> recovered and is healthy again.
    We fell in love in <place>.
    She said yes[!|!!]
    Our baby is healthy and we are so happy.
    The sun is shining and the birds are singing.
    Finally some [sunshine|good news|peace and quiet]!
    I learned so much from <name>.
    The <person> explained everything clearly and patiently.
    The queue was short and the <person> was friendly.
    I got exactly what I paid for and more.
    The quality is outstanding for the price.
    It smells [wonderful|fresh|divine|amazing].
    It tastes [great|delicious|wonderful|just like grandma's].
    My skin feels soft and healthy.
    It fits like a glove.
    The <thing> brings [joy|people together|back happy memories|out the best in me].
    The new <thing> saves me [so much|a lot of] time.
    I'm having the best day.
    Life is good.
    Good [news|choice|idea|food|work|point]!
    Happy [birthday|days|anniversary|New Year]!
""")
BAD_EVENTS = each("""
    I failed my [exam|driving test|interview][!|.]
    I [lost my job|got fired|was rejected|got bad news today][!|.]
    We lost [the match|the final|again|our home][!|.]
    <name> [hurt|insulted|ignored|cheated|lied to|bullied|betrayed] me.
    <name> gave me [the cold shoulder|a nasty look|bad advice|a hard time].
    The <person> [yelled at us|ignored us|rolled his eyes|shrugged and walked off|made us wait for an hour|laughed at me].
    The <person> couldn't care less.
    They [refused to help|hung up on me|blamed me|never replied|kept us waiting|sent me away|lied about it].
    They refuse to refund [me|my money|us].
    It arrived [late|two weeks late|broken|damaged|in pieces|with parts missing|scratched].
    My <thing> [broke after a day|died|fell apart|stopped working|exploded|is ruined|leaks].
    The <thing> [breaks its promises|never works|keeps crashing|falls apart|is always dirty|makes a horrible noise|keeps breaking].
    The doctor [harmed|ignored] my <person>.
    The pain is [unbearable|back|killing me][!|.]
    I couldn't sleep [because of the noise|all night|a minute].
    I [yawned|cringed|suffered] [the whole time|all evening].
    We waited for hours, it was no fun at all.
    The children were crying and bored.
    The whole audience booed and left.
    I couldn't finish it.
    I gave up after [ten pages|half an hour|five minutes].
    I walked out [halfway through|after an hour|of the <thing>].
    It was over far too late, I wanted to leave.
    The food [made me sick|gave us food poisoning|tasted like cardboard|came cold].
    We felt [unwelcome|cheated|ripped off|unsafe|ignored].
    There was [a hair in my soup|mould on the wall|a cockroach in the bathroom|blood on the sheets|dirt everywhere].
    The fire destroyed [the house|everything|our home].
    The accident killed [three people|two children|my <person>].
    Another war, how sad.
    The town mourned the victims.
    Crime is up and people are scared.
    My <person> is [seriously ill|dying|in pain|in hospital and I am worried].
    We broke up in <place>.
    She left me.
    Someone stole my <thing>.
    It rained all [day|week] and we were miserable.
    Not again[!|.|...]
    I learned nothing from <name>.
    The <person> explained nothing and was annoyed by questions.
    The queue was endless and the <person> was unfriendly.
    I paid a lot and got nothing.
    The quality is poor for the price.
    It smells [awful|of mould|disgusting|like a sewer|rotten].
    It tastes [awful|like cardboard|disgusting|of nothing|like dirt].
    My skin itches and burns since I used it.
    It doesn't fit and it scratches.
    The <thing> brings [nothing but trouble|bad memories|out the worst in me].
    The new <thing> wastes [so much|a lot of] time.
    I'm having the worst day.
    Life is unfair.
    Bad [news|choice|idea|food|work|joke]!
    They [charged me twice|overcharged us|stole my money|took my money and ran|cancelled my order|lost my parcel].
    I've been waiting for [weeks|an hour|ages][!|.]
    The <thing> was late again.
    My <thing> got [stolen|damaged|dirty|lost].
    I was stuck [in traffic|at the airport|on hold] for hours.
    The <part> [broke|came off|is cracked|leaks|stinks|doesn't work|failed|was missing].
    The <part> [barely|hardly|never] works.
    The battery dies after an hour.
    The update [broke|ruined] everything.
    It crashes every time I open it.
    Full of [bugs|ads|lies|mistakes|cliches|spelling mistakes].
""")

PLAIN = each("""
    The <thing> is <neutral>.
    The <thing> was <neutral>.
    [My|Our|Her|His|Their|Your] <thing> is <neutral>.
    The <thing> isn't <neutral>.
    Is the <thing> <neutral>?
    The <part> of the <thing> is <neutral_any>.
    The <thing> has [<number>|a|one|no] <part_s>.
    My <thing> has <number> <part_s>.
    There [is a|was a|is no|isn't a] <thing> [in <place>|here|in the building|next to the <thing2>|on the left].
    There are <number> <person>s in the <thing>.
    <name> is a <person>.
    <name> is [a|an] <origin> <person>.
    <name> is <origin>.
    My <person> is <origin>.
    [He|She|<name>] is [from <place>|a <person>|<number> years old|at home|not here|on the phone|in <place>|next door].
    My <person> is a <person2>.
    [He|She] works as a <person> in <place>.
    I am a <person>.
    I'm <name>.
    My name is <name>.
    Are you a <person>?
    I'm [from <place>|in <place>|at the <thing>|on my way|at work|at home|<number> years old|not a <person>].
    You are [in room <number>|next|a <person>|on the list].
    <name> and <name2> [live|work|met|study|were] in <place>.
    <name> [called|wrote|visited|asked|met|phoned] <name2> [yesterday|on <weekday>|this morning|].
    <name> [doesn't|does not|didn't] [live here|work on <weekday>|eat meat|have a <thing>|drive|speak German].
    I don't [have a <thing>|know|live here|eat meat|drink coffee|know <name>|remember the date|work on <weekday>|need a <thing>].
    I [didn't|haven't] [see|met|ask|call|read] <name> [today|yet|].
    I have [a|no|one|<number>] <thing>[s|].
    I [bought|sold|ordered|borrowed|rented|need|have|saw|took|left|packed|returned from] [a|the|my] <thing>[ yesterday| last week| in <place>| for <name>|].
    [We|They] [bought|ordered|saw|visited|passed|discussed|talked about|mentioned] the <thing> [in <place>|on <weekday>|].
    We [went|drove|are going|moved|flew|will travel] to <place> [in <month>|on <weekday>|last year|by train|with <name>].
    The <thing> [opens|closes|starts|begins|ends|leaves|arrives] at <hour>.
    [The <thing>|It] [opens|closes|starts|begins|ends] [on <weekday>|in <month>|at <hour>].
    The <event_noun> is on <weekday> in room <number>.
    The <event_noun> [is|was|will be] [on <weekday>|in <month>|at <hour>|in <place>|tomorrow].
    The [train|bus|flight|ferry|tram] leaves [at <hour>|from platform <number>|on <weekday>|in ten minutes].
    What time [does|do] the <thing> [open|close|start|end]?
    When [does the <thing> open|is the <event_noun>|did you buy the <thing>|do we leave|was it built|does it start]?
    Where [is the <thing>|is my <thing>|do you live|did you buy it|are you from|is <name>|can I find a <thing>|is <place>]?
    How [much is the <thing>|many <part_s> does it have|old is <name>|long does it take|far is it to <place>|do I get to <place>|tall is <name>|do I change the <part>]?
    Who [is <name>|wrote this <thing>|called|is your <person>|has the <thing>|are they]?
    Which <thing> [is yours|did you take|do you mean|is that]?
    What [is|was] [the name of the <thing>|your name|the number of the <thing>|that|a <thing>|the capital of <origin_land>|in the box|the time]?
    Why is the <thing> <neutral>?
    [Do|Did] you [have a <thing>|know <name>|see the <thing>|live in <place>|take the <thing>|need the <thing>]?
    [Can|Could] [you|I|we] [pass me the <thing2>|take the <thing>|see the <thing>|open the window|tell me the time|call <name>|send it on <weekday>]?
    [Is there a|Does this|Has the] <thing> [here|work on <weekday>s|arrived|open on <weekday>]?
    Should I [take the <thing>|call <name>|bring a <thing>|turn left]?
    Please [bring|send|close|open|take|call|sign|check|read|put] the <thing> [before <weekday>|on the table|here|to <name>|].
    [Turn left|Turn right|Go straight on|Wait here|Sign here|Press the button|Take the second street] [at the <thing>|after the bridge|and then stop|].
    [Put|Place|Leave] the <thing2> [on the table|in the box|in the bag|by the door].
    the <thing>
    a <thing>
    <thing>
    <thing>
    <thing2>
    <part>
    the <part>
    <thing2> and <thing>
    <person>
    a <person>
    the <person>
    <name>
    <place>
    <weekday>
    <number> <thing>s
    the <part> of the <thing>
    a <thing> in <place>
    the <person> and the <person2>
    <neutral>
    <weekday> at <hour>
    It is [<hour>|<weekday>|<month>|<number> degrees|raining|snowing|Tuesday|nine o'clock|in the box|on the table|<number> kilometres away].
    It's [<hour>|<weekday>|<number> euros|a <thing>|the <number>th|on the left|over there|your turn|half past nine].
    The <thing> costs <number> [euros|dollars|pounds].
    The <thing> weighs <number> [kilos|grams|pounds].
    The <thing> is <number> [metres|years|minutes|cm|miles] [long|old|wide|high|away].
    The <person> [wrote|read|opened|sent|signed|carried|parked|asked for|pointed at|explained] the <thing2>.
    The <origin> <person> [asked|called|came from <place>|lives here|wrote a letter|took the train].
    A <person> [walked|came|went] into the <thing>.
    The <person> said that the <thing> is <neutral>.
    <name> [said|thinks|wrote|told me] [that |]the <thing> is <neutral>.
    I think the <thing> is <neutral>.
    I think it's [on <weekday>|<number>|the second door|a <thing>|<neutral>].
    According to <name>, the <event_noun> is on <weekday>.
    The <thing> is [bigger|smaller|older|newer|longer|heavier|taller|wider] than the [other one|old one|<thing2>].
    The <thing> is <middle>.
    [It's|It is|It was|The <part> is|That was] <middle>.
    The <thing> is closed on <weekday> but open on <weekday2>.
    The <thing> is not in <place> but in <place2>.
    Not on <weekday> but on <weekday2>.
    I wanted to call <name>, but it was [late|<weekday>|already nine].
    Although it is <weekday>, the <thing> is <neutral>.
    I've never been to <place>.
    I have never [seen a <thing> like that in <place>, have you|met <name>|used a <thing>|read it|tried it].
    I haven't [tried|opened|read|seen|used|watched] [it|the <thing>] yet.
    No, [it's <weekday>|thank you, I have one|I am not from <place>|that is a <thing>|the other one].
    Yes, [it's <weekday>|I am from <place>|that is the <thing>|at <hour>].
    [I will|I'll|We will|They will] [be back at <hour>|call you on <weekday>|take the <thing>|meet <name>|see the <thing>].
    I [usually|often|sometimes|never|always] [take the bus|eat at noon|walk to work|read the newspaper|wear a hat|drink tea|get up at six].
    Every [morning|day|week|<weekday>] I [take the bus|walk to the <thing>|call <name>|drink a cup of tea].
    [He|She] [never|always|usually] [wears a hat|takes the train|works on <weekday>|pays by card].
    [He|She|<name>] [put|placed|left|found] the <thing2> [on the table|in the bag|in the car|on the shelf].
    The <thing2> is [next to|behind|under|above|in front of|on top of] the <thing>.
    [One|Two|Three] of the <person>s [is|are] from <place>.
    This is [a|the|my|your] <thing>.
    That is my <person>.
    These are the <part_s>.
    Here is the <thing>.
    The <thing> was [built|made|opened|founded|published|sold|painted|delivered] in [<year>|<place>|<month>].
    In <year> <name> moved to <place>.
    The <event_noun> [takes|lasts] <number> [hours|minutes|days].
    Add <number> [spoons of sugar|eggs|onions|cups of water] and stir.
    Mix the flour with the [water|milk|eggs].
    The number is <number><number>.
    Page <number>, line <number>.
    <number> plus <number>
    See you [on <weekday>|at <hour>|in <place>|tomorrow at the <thing>].
    [Hello|Hi|Good morning|Dear|Hey] <name>[, here is the <thing>|, the <event_noun> is on <weekday>|][.|]
    The colour of the <thing> is [blue|red|green|grey|white|black].
    The <thing> comes [in two sizes|in blue and red|with a manual|from <place>|with a <part>|on <weekday>].
    It [has|comes with|needs] [two cables|a manual|<number> <part_s>|a password|a ticket].
    I use [it|the <thing>] [at work|on <weekday>s|every day|twice a week].
    I use the <thing> to [write letters|read|travel to <place>|call <name>].
    Many people in <place> have a <thing>.
    About <number> people [live|work|study] [here|in the <thing>].
    The story is about a <person> from <place>.
    The film tells the story of a <person> and a <person2>.
    A <person> meets a <origin> <person2> in <place>.
    The <person> travels to <place> to find <name>.
    I am [reading a <thing2>|looking for a <thing>|waiting for the bus|writing to <name>|learning German|at the <thing>].
    I'm looking for [a|the|my] <thing>.
    I want [to buy a <thing>|a <thing>|to go to <place>|to know the time|a cup of tea].
    The [manual|label|sign|list|letter|report] says [that |]the <thing> is <neutral>.
    [Some|Many|Few] [people|<person>s] [take the train|live in <place>|have a <thing>].
    If it rains, we [stay at home|take the bus|meet in the <thing>].
    Has <name> [arrived|called|seen the <thing>|left]?
    Shall we [meet at <hour>|go to the <thing>|take the train|ask <name>]?
    <name>, <number>, <person> from <place>
    I'm meeting <name> at the <thing> on <weekday>.
    My <person>'s name is <name>.
    Both <name> and <name2> are <person>s.
    Our <person> comes from <place>.
    The <thing> or the <thing2>?
    Tea or coffee?
    [Room|Bus|Gate|Line|Flight] <number>
    <fact>
    <fact>
    <fact>
    <fact>
    [The|A|Our] <person> was [admitted|elected|hired|born|asked|seen|invited|moved|called|examined|registered|interviewed] [on <weekday>|in <month>|in <place>|in <year>|by <name>].
    [He|She|<name>] told me about [the <thing>|the <event_noun>|a <person>|<place>|the trip to <place>].
    [ok|okay|yes|hello|hi|hmm|maybe|perhaps|I see|well|so|and you|thanks, bye|see you|good morning|excuse me|either|both|here|later|no idea]
    No.
    I would [call|say] [it|that] [a <thing>|blue|about two metres|the second one].
    I wouldn't [call it a <thing>, it's a <thing2>|say it's far|need a <thing2>|know, ask <name>].
    [Nobody|No one] [lives here|is in the <thing>|called|has the <thing2>|from <place> came].
    I'd rather take [the bus|the blue one|a <thing2>|the stairs|tea] than [the train|the red one|the lift|coffee].
    It could be [on the table|<weekday>|a <thing2>|in <place>|number <number>].
    It [could|should|might] have been [<weekday>|a <person>|in <place>|the other <thing>].
""")

WEEKDAYS = many("Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday, Mondays, the weekend")[:7]
MONTHS = many("January, February, March, April, May, June, July, August, September, October, November, December")
HOURS = many("nine, ten, noon, six, half past seven, 8, 8:30, 14:00, 5 pm, eleven, a quarter to four, midnight, 9 am, 7.15")
NUMBERS = many("two, three, four, five, six, seven, eight, ten, twelve, twenty, 2, 3, 4, 5, 7, 10, 12, 15, 20, 30, 40, 45, 100, 250, fifty, a hundred")
YEARS = many("1890, 1912, 1954, 1968, 1987, 1995, 2003, 2010, 2014, 2019, 2021, 2023")
EVENTS = many("meeting, exam, concert, appointment, lesson, match, wedding, interview, party, course, conference, lecture, deadline, market, election, rehearsal, show, class")
FACTS = each("""
    [Copper|Iron|Gold|Helium|Carbon|Sodium|Zinc|Nitrogen] is [a metal|an element|found in nature|used in industry].
    [The heart|The liver|The skin|The brain|The kidney] is an organ.
    [A spider|An ant|A whale|A sparrow|A frog|A snake] is [an animal|not a plant|a living thing].
    [Spiders|Beetles|Whales|Sparrows|Frogs|Goats|Bats|Penguins] [live|are found|lay eggs|eat|sleep] in [Africa|Asia|Europe|Australia|the sea|the forest|many countries].
    [Peru|Norway|Kenya|Japan|Egypt|Canada|Ghana|Chile] [borders|lies north of|exports copper to|has an embassy in|signed a treaty with] [Bolivia|Sweden|Uganda|Libya|Argentina|Togo].
    The capital of [Peru|Norway|Kenya|Japan|Egypt|Canada] is <place>.
    The [earth|moon|planet|comet|satellite] [turns|moves|travels] around the [sun|earth|star].
    The [function|method|program|script|query|loop] [returns|takes|prints|reads|computes|sorts] [a list|a number|two arguments|the rows|an integer|the result|a string].
    [Plants|Cells|Leaves|Roots|Enzymes|Bacteria] [convert|absorb|produce|store|contain|release|use] [light|water|energy|oxygen|sugar|proteins|minerals].
    The [treaty|law|contract|war|revolution|census|empire] [was signed|ended|began|was passed|took place] in <year>.
    [Water|Milk|Oil|Alcohol] [freezes|boils|evaporates|expands] [at <number> degrees|when heated|below zero].
    The [river|road|railway|border|canal] [runs|flows|stretches|leads] [from <place> to <place2>|through <place>|to the sea|along the coast].
    The [government|parliament|committee|council|ministry|court] [met|voted|published a report|announced a date|elected a chair] [on <weekday>|in <place>|in <month>].
    The [population|area|height|length|depth|distance|volume] [is|was] [about|around|nearly|] <number>[ million| thousand|] [people|kilometres|square metres|litres].
    [English|Spanish|Swahili|Arabic|Hindi] is spoken in [many countries|<place>|parts of Africa|the region].
    The [word|term|name|sign] [means|stands for|comes from|refers to] [a kind of <thing2>|the Latin word for <thing2>|the number <number>|<place>].
    [Wheat|Rice|Cotton|Coffee|Maize|Barley] is grown in [the south|India|Brazil|the valley|many regions].
    A [triangle|square|hexagon|cube|pentagon] has [three|four|six|eight|five] [sides|corners|faces].
    [Heat|Stir|Mix|Chop|Peel|Drain|Rinse|Slice] the [rice|onions|beans|carrots|dough|noodles|garlic] [for <number> minutes|and set aside|in a bowl|with a spoon].
    The [patient|passenger|customer|visitor|applicant|witness|tenant] [was admitted|arrived|filled in the form|was asked to wait|moved to room <number>|signed the paper] on <weekday>.
    The [share|price|rate|temperature|number of visitors] [rose|fell|changed|went] [by|to] <number> percent[ in <month>|].
    The [author|composer|architect|chemist|painter|inventor] was born in <place> in <year>.
    [Scientists|Researchers|Students] in <place> [measured|compared|counted|collected|studied] [samples|birds|stars|texts|rocks].
    The [engine|valve|pump|sensor|antenna|filter] [is connected to|sits behind|sends a signal to|is part of] the [tank|frame|control unit|pipe|roof].
    A film about a [boy|girl|couple|family|soldier|farmer|doctor|thief] who [lives|works|travels|grows up|arrives] in [the desert|a small town|<place>|a castle|the mountains].
    A [boy|girl|couple|family|soldier|farmer|detective] [moves to|returns to|leaves|searches for] [a small town|<place>|the city|a lost brother|the coast].
""")
"""Facts as books tell them."""

THINGS = many("""
    key, cup, letter, bag, umbrella, box, coat, map, ticket, pencil, glass, plate, spoon, newspaper, bottle, wallet, hat, towel, candle, notebook
    envelope, stamp, ladder, bucket, hammer, basket, mirror, clock, shelf, curtain, carpet, stone, tree, leaf, river, apple, potato, egg, spoon
    scarf, glove, button, coin, passport, photo, cable, folder, document, file, form, list, calendar, window, door, roof, fence, ship, horse, cow
""")
GOOD_PEOPLE = many("kind, friendly, helpful, patient, funny, polite, honest, generous, brilliant, smart, lovely, sweet, caring, talented, amazing, wonderful, great, hard-working, reliable, charming, professional, attentive, thoughtful, warm, loyal, brave, witty, gentle, supportive, wise, excellent, good, nice, cool")
BAD_PEOPLE = many("rude, unfriendly, unhelpful, impatient, arrogant, mean, dishonest, greedy, stupid, lazy, nasty, selfish, cruel, incompetent, awful, terrible, horrible, bad, unreliable, annoying, unprofessional, careless, condescending, cold, disloyal, aggressive, boring, creepy, vicious, foolish, evil, moody, racist, sexist, violent")
GOOD_FACES = many("😀, 😃, 😄, 😁, 😊, 🙂, 😍, 🥰, 😂, 🎉, 👍, 👏, 🙌, 💯, 🔥, ✨, ⭐, ❤️, 💖, 😎, 🤩, 😍😍, ❤️❤️, 👍👍, :), :-), :D, ;), <3, =), xD, :))")
BAD_FACES = many("😞, 😔, 😢, 😭, 😡, 😠, 🤬, 🤮, 🤢, 💩, 👎, 💔, 🙄, 😒, 😤, 😩, 😐, 😡😡, 👎👎, :(, :-(, :/, D:, >:(, :((, -.-, 🤦, ='(")
PLAIN_FACES = many("📱, 🚌, ☕, 🏨, 🙂, 🤔")
LAND = many("France, Peru, Japan, Kenya, Poland, India, Egypt, Canada, Norway, Brazil")


def article(text: str) -> str:
    """With "a" or "an" before it, where it has none.

    >>> article("old book"), article("a joy")
    ('an old book', 'a joy')
    """
    if re.match(r"(a|an|the|my|not|nothing|worth|money|pure|to|on|out|in)\b", text):
        return text
    return f"{'an' if text[0] in 'aeiou' and not text.startswith(('one', 'uni', 'use', 'eu')) else 'a'} {text}"


class Author:
    """Draws one sentence after the other."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def adjective(self, label: int, domain: str) -> str:
        """A word or phrase after "is"; half of them are the domain's own."""
        if self.rng.random() < 0.4:
            return self.rng.choice(DOMAINS[domain][2 if label == POSITIVE else 3])
        table = GOOD if label == POSITIVE else BAD
        return self.rng.choice(table[self.rng.choice((3, 3, 2, 2, 2, 2, 1))])

    def simple(self, label: int, domain: str) -> str:
        """An adjective of one word, that may stand before a noun."""
        while True:
            found = self.adjective(label, domain)
            if re.fullmatch(r"[a-z-]+", found) and found not in ("meh", "trash", "crap", "shit", "rubbish", "garbage", "dead", "fun", "off"):
                return found

    def scene(self, label: int) -> dict[str, str]:
        """What a sentence talks about: the same for all labels."""
        rng, self.domain = self.rng, self.rng.choice(list(DOMAINS))
        things, parts = DOMAINS[self.domain][:2]
        names, places, people, days = rng.sample(NAMES, 2), rng.sample(PLACES, 2), rng.sample(PEOPLE, 2), rng.sample(WEEKDAYS, 2)
        return {
            "thing": rng.choice(things), "thing2": rng.choice(THINGS), "name": names[0], "name2": names[1], "place": places[0], "place2": places[1],
            "person": people[0], "person2": people[1], "origin": rng.choice(ORIGINS), "weekday": days[0], "weekday2": days[1],
        }

    def slot(self, name: str, label: int, scene: dict[str, str]) -> str:
        """What stands in a slot."""
        rng = self.rng
        name, capital = name.lower(), name[0].isupper()
        for start, other in (("anti_", 2 - label), ("good_", POSITIVE), ("bad_", NEGATIVE), ("a_anti_", 2 - label), ("a_good_", POSITIVE), ("a_bad_", NEGATIVE)):
            if name.startswith(start):
                label, name = other, ("a_" if start.startswith("a_") else "") + name[len(start) :]
        parts, plain = DOMAINS[self.domain][1], DOMAINS[self.domain][4]
        good = label == POSITIVE
        drawn: dict[str, Callable[[], str]] = {
            "part": lambda: rng.choice(parts),
            "part_s": lambda: rng.choice(["buttons", "rooms", "doors", "windows", "pages", "wheels", "legs", "cameras", "seats", "parts", "floors", "pockets", "chapters", "tables"]),
            "adj": lambda: self.adjective(label, self.domain),
            "a_adj": lambda: article(self.simple(label, self.domain)),
            "word": lambda: self.simple(label, self.domain),
            "strong": lambda: self.simple(label, self.domain),
            "long_adj": lambda: self.simple(label, self.domain),
            "noun": lambda: rng.choice(GOOD_NOUN if good else BAD_NOUN),
            "verb": lambda: rng.choice(GOOD_VERB if good else BAD_VERB),
            "plural_verb": lambda: rng.choice([one for one in (GOOD_VERB if good else BAD_VERB) if not re.match(r"(am|was)\b", one)]),
            "adverb": lambda: rng.choice(GOOD_ADVERB if good else BAD_ADVERB),
            "person_adj": lambda: rng.choice(GOOD_PEOPLE if good else BAD_PEOPLE),
            "a_person_adj": lambda: article(rng.choice(GOOD_PEOPLE if good else BAD_PEOPLE)),
            "feel": lambda: rng.choice(FEELS_GOOD if good else FEELS_BAD),
            "lack": lambda: self.fill(rng.choice(LACKS[int(good)]), label, scene),
            "critic": lambda: rng.choice(CRITIC_GOOD if good else CRITIC_BAD),
            "a_critic": lambda: article(rng.choice(CRITIC_GOOD if good else CRITIC_BAD)),
            "loves": lambda: rng.choice(CRITIC_LOVES if good else CRITIC_HATES),
            "felt": lambda: rng.choice(FELT_GOOD if good else FELT_BAD),
            "film": lambda: rng.choice(["film", "movie", "picture", "comedy", "drama", "thriller", "story", "documentary", "romance", "sequel", "tale", "adventure", "book", "novel", "show", "play"]),
            "director": lambda: rng.choice(["director", "writer", "author", "filmmaker", "cast", "team"]),
            "actor": lambda: rng.choice(["actor", "actress", "cast", "lead", "villain", "hero", "narrator", "screenplay", "cinematography", "score", "ensemble"]),
            "fact": lambda: self.fill(rng.choice(FACTS), label, scene),
            "does": lambda: rng.choice((THING_VEXES, THING_IS_PLAIN, THING_PLEASES)[label]),
            "acts": lambda: rng.choice((PERSON_HARMS, PERSON_DOES, PERSON_HELPS)[label]),
            "what_now": lambda: rng.choice((["so annoying", "I want a refund", "never again", "how sad", "what a shame"], ["and so does yours", "as you can see", "says <name>".replace("<name>", scene["name"]), "I think"], ["so glad", "I love it", "thank you", "what a relief", "how nice"])[label]),
            "very": lambda: rng.choice(VERY),
            "stars": lambda: rng.choice(["five", "4", "5", "ten", "4.5"] if good else ["zero", "one", "1", "2", "no"]),
            "always": lambda: "I still love it" if good else "no",
            "yes": lambda: rng.choice(["Yes!", "Definitely.", "I think so!"] if good else ["No.", "Not even close.", "Hardly. It's awful."]),
            "she_feels": lambda: rng.choice(["He", "She"]) + " is " + rng.choice(FEELS_GOOD if good else FEELS_BAD),
            "event_sentence": lambda: self.fill(rng.choice(GOOD_EVENTS if good else BAD_EVENTS), label, scene),
            "event": lambda: rng.choice(["made me happy", "is a success", "turned out great", "won a prize", "works again, hooray", "saved my day"] if good else ["made me sick", "broke down", "let us down", "ruined everything", "fell apart", "failed again", "got on my nerves"]),
            "set": lambda: self.fill(rng.choice(PRAISE if good else BLAME), label, scene),
            "neutral": lambda: rng.choice(plain),
            "neutral_any": lambda: rng.choice(["blue", "new", "on the left", "made of steel", "in the picture", "in the manual", "at the back", "ten years old", "the same", "10 cm long"]),
            "middle": lambda: rng.choice(MIDDLE),
            "number": lambda: rng.choice(NUMBERS), "year": lambda: rng.choice(YEARS), "month": lambda: rng.choice(MONTHS), "hour": lambda: rng.choice(HOURS),
            "event_noun": lambda: rng.choice(EVENTS), "origin_land": lambda: rng.choice(LAND), "things_": lambda: scene["thing"] + "s",
        }
        found = scene[name] if name in scene else drawn[name]()
        return found[0].upper() + found[1:] if capital else found

    def fill(self, frame: str, label: int, scene: dict[str, str]) -> str:
        """A frame with its choices made and its slots filled."""
        while "[" in frame:
            frame = re.sub(r"\[([^\[\]]*)\]", lambda found: self.rng.choice(found[1].split("|")), frame)
        filled = re.sub(r"<([A-Za-z_0-9]+)>", lambda found: self.slot(found[1], label, scene), frame)
        return re.sub(r"\ba (?=[aeiou])(?!one|uni|use|eu)", "an ", re.sub(r"\s+([.,!?])", r"\1", re.sub(r"  +", " ", filled))).strip()

    def one(self, label: int) -> str:
        """A single sentence."""
        if label == NEUTRAL:
            return self.fill(self.rng.choice(PLAIN if self.rng.random() < 0.72 else DEEDS), label, self.scene(label))
        own = PRAISE if label == POSITIVE else BLAME
        frames = self.rng.choices((SHARED, BUTS, own, CRITICS, DEEDS), (0.33, 0.13, 0.22, 0.18, 0.14))[0]
        return self.fill(self.rng.choice(frames), label, self.scene(label))

    def text(self, label: int) -> str:
        """One sentence, or a short review of several, in one of the ways in which people write."""
        rng, fate = self.rng, self.rng.random()
        if fate < 0.72:
            said = self.one(label)
        elif fate < 0.85:  # more of the same
            said = " ".join(ended(self.one(label)) for _ in range(rng.choice((2, 2, 3, 4))))
        elif fate < 0.95 or label == NEUTRAL:  # the facts, and then what one thinks of them, or the other way round
            parts = [ended(self.one(NEUTRAL)) for _ in range(rng.choice((1, 1, 2)))]
            parts.insert(rng.choice((0, len(parts), len(parts))), ended(self.one(label)))
            said = " ".join(parts)
        else:  # a long review: more speaks for the label than against it, and the last word is the label's
            parts = [label, label, NEUTRAL, 2 - label]
            rng.shuffle(parts)
            said = " ".join(ended(self.one(part)) for part in [*parts, label])
        return self.styled(said, label)

    def styled(self, said: str, label: int) -> str:
        """In capitals, without capitals, without apostrophes, with faces, with letters drawn out."""
        rng, felt = self.rng, label != NEUTRAL
        if rng.random() < (0.08 if felt else 0.04):
            said = re.sub(r"\b(so|really|love|hate|good|bad|very|great|boring|never|yes|no|wow|cool|nice|sad|ugly|slow|cute)\b", drawn_out(rng), said, count=1)
        if rng.random() < 0.12:
            said = re.sub(r"\b(is|are|was|were|do|does|did|could|would|has|have|had) not\b", r"\1n't", said) if rng.random() < 0.5 else re.sub(r"\b(is|are|was|were|do|does|did|could|would|has|have|had)n't\b", r"\1 not", said)
        if rng.random() < 0.16:
            said = said.replace("'", "")
        elif rng.random() < 0.1:
            said = re.sub(r"n't\b", " n't", re.sub(r"'(s|re|ve|ll|d|m)\b", r" '\1", re.sub(r"([.,!?])", r" \1", said)))
        elif rng.random() < 0.15:
            said = said.replace("'", "’")
        ways = rng.random()
        said = said.upper() if ways < 0.04 else said.lower() if ways < 0.3 else said
        if rng.random() < 0.25:
            said = said.rstrip(".")
        faces = {POSITIVE: GOOD_FACES, NEGATIVE: BAD_FACES, NEUTRAL: PLAIN_FACES}[label]
        if rng.random() < (0.1 if felt else 0.03):
            said = f"{said} {rng.choice(faces)}"
        elif felt and rng.random() < 0.01:
            said = f"{rng.choice(faces)} {self.fill('[The |My |]<thing>', label, self.scene(label))} {rng.choice(faces)}"
        elif felt and rng.random() < 0.004:
            said = rng.choice(faces)
        return said


def drawn_out(rng: random.Random) -> Callable[[re.Match[str]], str]:
    """A word with one of its vowels, or its last letter, said for longer: "sooo", "lovvve"."""

    def longer(found: re.Match[str]) -> str:
        word = found[0]
        places = [index for index, letter in enumerate(word) if letter in "aeiouy"] or [len(word) - 1]
        at = rng.choice([*places, len(word) - 1])
        return word[:at] + word[at] * rng.choice((2, 3, 3, 4, 5, 7)) + word[at + 1 :]

    return longer


def ended(said: str) -> str:
    """With a mark at its end."""
    return said if said[-1] in ".!?" else f"{said}."


def draw(count: int, seed: int) -> list[tuple[str, int]]:
    """So many different texts with their labels, in equal parts."""
    author, found = Author(seed), {}
    while len(found) < count:
        label = len(found) % 3
        said = author.text(label)
        found.setdefault(said, label)
    return list(found.items())


def all_words() -> set[str]:
    """Every word that may be drawn, in lower case."""
    words: set[str] = set()
    lists = [*GOOD.values(), *BAD.values(), MIDDLE, GOOD_NOUN, BAD_NOUN, GOOD_VERB, BAD_VERB, VERY, FEELS_GOOD, FEELS_BAD, PEOPLE, PLAIN, PRAISE, BLAME]
    lists += [GOOD_PEOPLE, BAD_PEOPLE, GOOD_EVENTS, BAD_EVENTS, CRITICS, *LACKS, DEEDS, FACTS, THING_PLEASES, THING_VEXES, THING_IS_PLAIN, PERSON_HELPS, PERSON_HARMS, PERSON_DOES, CRITIC_GOOD, CRITIC_BAD, CRITIC_LOVES, CRITIC_HATES, FELT_GOOD, FELT_BAD, THINGS, EVENTS, GOOD_ADVERB, BAD_ADVERB, *(part for domain in DOMAINS.values() for part in domain)]
    for one in lists:
        for entry in one:
            words |= set(re.findall(r"[a-z]{2,}", re.sub(r"<\w+>", " ", entry.lower())))
    return words


if __name__ == "__main__":
    for text, which in draw(int(sys.argv[1]) if len(sys.argv) > 1 else 30, 1):
        print(("negative", "neutral ", "positive")[which], text)
