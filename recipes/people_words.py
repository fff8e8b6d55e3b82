"""The words of ``people_sentences``: what praises and what blames, how strongly, and what people talk about.

Lists are strings: entries are separated by commas or lines. Our own collection.
"""

from __future__ import annotations


def many(text: str) -> list[str]:
    """The entries of a list."""
    return [one.strip() for line in text.strip().split("\n") for one in line.split(",") if one.strip()]


def each(text: str) -> list[str]:
    """The lines of a text: entries that hold commas."""
    return [one.strip() for one in text.strip().split("\n") if one.strip()]


GOOD = {
    3: many("""
        amazing, awesome, fantastic, wonderful, excellent, brilliant, perfect, outstanding, superb, incredible, fabulous, magnificent
        stunning, phenomenal, marvellous, marvelous, terrific, spectacular, flawless, exceptional, unbeatable, stellar, sublime
        breathtaking, gorgeous, mind-blowing, first-class, top-notch, world-class, heavenly, divine, epic, out of this world, exquisite
        second to none, unforgettable, extraordinary, splendid, glorious, a dream, spot on, the best, impeccable, mesmerizing
        sensational, remarkable, legendary, dazzling, tremendous, astonishing, majestic, faultless, five-star, masterful, unrivalled
    """),
    2: many("""
        great, good, lovely, beautiful, impressive, delightful, charming, enjoyable, pleasant, really good, very good, cool, fun, nice
        helpful, friendly, reliable, comfortable, superior, valuable, attractive, appealing, elegant, fresh, refreshing, smart, clever
        thoughtful, generous, kind, warm, welcoming, satisfying, rewarding, worthwhile, inspiring, uplifting, exciting, thrilling
        captivating, engaging, entertaining, fascinating, compelling, touching, moving, hilarious, witty, graceful, stylish, polished
        handy, useful, effective, efficient, sturdy, solid, trustworthy, professional, attentive, polite, courteous, considerate, cheerful
        cosy, cozy, spotless, delicious, tasty, yummy, scrumptious, joyful, happy, wholesome, adorable, cute, sweet, pretty, sleek, neat
        slick, ingenious, inventive, imaginative, original, creative, powerful, vivid, lively, vibrant, radiant, serene, peaceful, soothing
        relaxing, calming, convenient, intuitive, user-friendly, seamless, smooth, well made, well designed, well thought out, memorable
        rich, genuine, heartwarming, honest, patient, caring, gentle, supportive, encouraging, skilled, talented, gifted, competent
        knowledgeable, affordable, great value, good value, worth it, worth every penny, a pleasure, a joy, a treat, praiseworthy
        commendable, admirable, recommendable, likeable, lovable, harmonious, insightful, riveting, gripping, absorbing, enchanting
        luxurious, lush, fine, accomplished, triumphant, successful, promising, beneficial, healthy, safe, clean, tidy, classy, fab, rad
        dope, lit, badass, legit good, on point, ace, stoked, banging, wicked good, fire, goated, crisp, responsive
    """),
    1: many("""
        decent, fine, pretty good, not bad, alright by me, better than expected, quite nice, quite good, fairly good, solid enough
        good enough for me, perfectly fine, agreeable, more than adequate, okay for the price and then some, pleasing, respectable
        not too shabby, nothing wrong with it, likeable enough, above average, a step up, improved, worth a look, worth a try
    """),
}
"""Adjectives after "is", by strength."""

BAD = {
    3: many("""
        terrible, horrible, awful, dreadful, disgusting, appalling, atrocious, abysmal, pathetic, worthless, useless, horrendous, hideous
        unbearable, unacceptable, disastrous, catastrophic, revolting, vile, repulsive, nasty, shocking, inexcusable, diabolical, dire
        a disaster, a nightmare, a disgrace, rubbish, garbage, trash, crap, shit, total crap, complete rubbish, utter garbage, the worst
        a joke, a scam, a rip-off, insufferable, excruciating, miserable, deplorable, ghastly, gruesome, horrid, infuriating, outrageous
        shameful, disgraceful, toxic, unusable, unwatchable, inedible, hopeless, abominable, wretched, putrid, foul, evil, cruel, a trainwreck
    """),
    2: many("""
        bad, poor, disappointing, boring, annoying, frustrating, ugly, rude, slow, dirty, filthy, dull, tedious, unpleasant, unhelpful
        unfriendly, unreliable, uncomfortable, unprofessional, overpriced, noisy, cramped, smelly, stale, soggy, bland, tasteless, greasy
        cheap and nasty, flimsy, shoddy, faulty, defective, broken, buggy, laggy, glitchy, clunky, confusing, misleading, dishonest
        deceptive, arrogant, ignorant, lazy, sloppy, careless, incompetent, clueless, inept, inferior, mediocre, pointless, senseless, silly
        stupid, dumb, idiotic, ridiculous, lame, cheesy, tacky, gaudy, pretentious, predictable, forgettable, uninspired, unoriginal
        lifeless, soulless, bleak, dreary, depressing, sad, gloomy, grim, hurtful, hostile, aggressive, impatient, condescending, cold
        dismissive, grumpy, moody, nosy, greedy, selfish, mean, cruel, unfair, unjust, unsafe, dangerous, harmful, painful, irritating
        exhausting, tiresome, stressful, chaotic, messy, disorganised, inconvenient, awkward, clumsy, rough, harsh, bitter, sour, rotten
        mouldy, moldy, musty, damp, run-down, shabby, worn out, neglected, outdated, obsolete, inaccurate, incoherent, incomprehensible
        convoluted, contrived, overrated, overhyped, underwhelming, unsatisfying, unimpressive, unconvincing, unfunny, unbearably long
        wooden, hollow, shallow, insipid, vapid, tepid, sluggish, inefficient, ineffective, wasteful, a waste of money, a waste of time
        a letdown, a let-down, a mess, a pain, a chore, a bore, a hassle, a flop, a failure, a mistake, not worth it, a ripoff, unhealthy
        suspicious, shady, sketchy, sleazy, creepy, gross, yucky, icky, sucky, crappy, shitty, wack, cringe, trashy, janky, naff, half-baked
    """),
    1: many("""
        not good, not great, not very good, nothing special, below average, a bit disappointing, a bit dull, rather slow, so-so at best
        hardly worth it, not my thing, not what I hoped for, meh, lacklustre, lackluster, weak, subpar, substandard, not up to much
        not as good as before, past its best, a bit of a letdown, overlong, questionable, underwhelming, not that great, far from perfect
        less than ideal, too expensive, too loud, too small for the price, tiring, a step down, worse than expected
    """),
}
MIDDLE = many("okay, ok, average, so-so, standard, normal, usual, as expected, neither good nor bad, in between, ordinary, typical, the same as before")
"""Neither: what people call so they neither praise nor blame."""

GOOD_NOUN = each("""
    a gem
    a hidden gem
    a masterpiece
    a winner
    a real treat
    a joy
    a pleasure
    a delight
    a dream come true
    a lifesaver
    a game changer
    a bargain
    a steal
    a success
    a triumph
    a must-have
    a must-see
    pure magic
    money well spent
    time well spent
    a breath of fresh air
    a work of art
    a blessing
    a star
    the best thing since sliced bread
    a keeper
    a miracle
    an absolute hit
    my favourite
    a legend
    a hero
    perfection
    a great surprise
    a huge improvement
    a class act
    top quality
    the real deal
    a beast
    the bomb
    heaven on earth
""")
BAD_NOUN = each("""
    a joke
    a nightmare
    a disaster
    a disgrace
    a scam
    a rip-off
    a fraud
    a letdown
    a disappointment
    a waste of money
    a waste of time
    a waste of space
    a total mess
    a mess
    a shambles
    a train wreck
    a failure
    a flop
    a pain in the neck
    a pain in the ass
    a piece of junk
    a piece of crap
    a load of rubbish
    a load of nonsense
    pure garbage
    torture
    hell
    a headache
    a bad joke
    an insult
    an embarrassment
    a chore
    a farce
    a big mistake
    the worst thing I have ever bought
    the last thing I need
    a dump
    a lemon
    a liar
    an idiot
    bullshit
    a real downgrade
    a step backwards
    money down the drain
""")
GOOD_VERB = each("""
    love
    really love
    absolutely love
    adore
    like
    really like
    enjoy
    enjoyed
    loved
    liked
    admire
    appreciate
    recommend
    highly recommend
    can recommend
    can't recommend enough
    cherish
    treasure
    fell in love with
    can't get enough of
    am crazy about
    am impressed by
    am happy with
    am pleased with
    am delighted with
    am thrilled with
    am satisfied with
    am so glad I found
    am grateful for
    am proud of
    am a big fan of
    have fallen for
    look forward to
    couldn't live without
    would buy again
    would not change a thing about
    have no complaints about
    cannot fault
    would give five stars to
    never get tired of
    don't regret choosing
    was never disappointed by
    couldn't be happier with
    was pleasantly surprised by
    was blown away by
    dig
""")
"""After "I", before a thing."""
BAD_VERB = each("""
    hate
    really hate
    absolutely hate
    hated
    dislike
    disliked
    detest
    despise
    loathe
    regret
    can't stand
    cannot stand
    don't like
    do not like
    didn't like
    never liked
    didn't enjoy
    don't care for
    don't recommend
    wouldn't recommend
    would never recommend
    can't recommend
    am fed up with
    am sick of
    am tired of
    am disappointed by
    am disappointed with
    am unhappy with
    am not happy with
    am not impressed by
    am annoyed by
    am frustrated with
    am disgusted by
    am ashamed of
    am angry about
    am furious about
    am appalled by
    am bored by
    am done with
    was let down by
    was shocked by
    wish I hadn't bought
    wish I had never seen
    wish I'd never heard of
    want my money back for
    would avoid
    had high hopes for, but was let down by
    can't believe how bad they made
    lost all faith in
    have nothing good to say about
    have had enough of
    got nothing but trouble from
    don't trust
    resent
    would not wish on anyone
    couldn't be less happy with
""")
GOOD_ADVERB = many("beautifully, perfectly, wonderfully, brilliantly, flawlessly, smoothly, nicely, superbly, elegantly, gracefully, like a charm, like a dream, like magic, really well, very well, better than ever, without a hitch, effortlessly, reliably")
BAD_ADVERB = many("terribly, badly, horribly, awfully, poorly, dreadfully, miserably, very slowly, clumsily, carelessly, worse and worse, worse than ever, like rubbish, like crap, not at all, painfully slowly, only half of the time, like a broken toy")
VERY = many("very, really, so, absolutely, truly, totally, extremely, incredibly, super, pretty, quite, just, simply, completely, utterly, damn, bloody, freaking, fucking, insanely, honestly, seriously, ridiculously, remarkably, genuinely, exceptionally, thoroughly")

DOMAINS: dict[str, tuple[list[str], list[str], list[str], list[str], list[str]]] = {
    # things; parts; praise of its own; blame of its own; plain qualities
    "phone": (
        many("phone, smartphone, mobile, tablet, new phone, handset, iPhone, Android phone"),
        many("battery, screen, camera, speaker, display, charger, sound, signal, keyboard, fingerprint sensor, microphone, case"),
        many("fast, responsive, bright, sharp, crisp, lightweight, long-lasting, crystal clear, lightning fast, worth the upgrade"),
        many("laggy, cracked, blurry, overheating, dead after a day, scratched, fragile, unresponsive, freezing, always empty, grainy"),
        many("black, silver, six inches wide, made of glass, from last year, connected to the wifi, in my bag, switched off, locked"),
    ),
    "laptop": (
        many("laptop, computer, PC, notebook, monitor, printer, keyboard, mouse, router, television, TV"),
        many("keyboard, screen, fan, touchpad, battery, hard drive, memory, picture, remote, power supply, webcam"),
        many("fast, quiet, powerful, silent, blazing fast, easy to set up, sharp, well built, rock solid"),
        many("slow, loud, overheating, noisy, crashing all the time, dead on arrival, impossible to set up, jammed, flickering"),
        many("grey, two years old, on the desk, plugged in, 15 inches wide, made in China, turned on, next to the lamp"),
    ),
    "software": (
        many("app, software, update, website, program, game, new version, browser, login page, operating system, plugin, interface"),
        many("menu, design, layout, search, graphics, install, support, tutorial, dark mode, account page, payment, level design"),
        many("intuitive, bug-free, user-friendly, stable, easy to use, addictive in a good way, snappy, well documented, easy to install"),
        many("buggy, full of bugs, full of ads, crashing, unstable, impossible to use, a privacy nightmare, bloated, confusing, broken again"),
        many("open source, available in French, 20 MB, written in Python, for Windows, installed, at version 3.2, free until March"),
    ),
    "hotel": (
        many("hotel, room, hostel, apartment, resort, bed and breakfast, suite, holiday home, campsite, motel, guest house"),
        many("bed, shower, view, breakfast, pool, bathroom, reception, balcony, location, wifi, lobby, mattress, air conditioning, staff"),
        many("spotless, cosy, spacious, quiet, sparkling clean, well kept, comfy, sunny, close to everything, luxurious, charming"),
        many("dirty, noisy, mouldy, damp, infested with bugs, smelly, freezing, cramped, run-down, filthy, overbooked, sticky, dingy"),
        many("on the third floor, near the station, booked, opposite the church, for two people, heated, fully booked in May, locked"),
    ),
    "food": (
        many("pizza, burger, soup, coffee, cake, meal, dinner, lunch, breakfast, sandwich, pasta, curry, salad, tea, ice cream, bread, steak, wine, beer, fish, sushi, chicken, rice, pie, cheese, taco"),
        many("sauce, crust, portion, dough, filling, taste, flavour, flavor, dressing, smell, dessert, starter, spice"),
        many("delicious, tasty, yummy, fresh, crispy, juicy, mouth-watering, finger-licking good, full of flavour, tender, homemade and lovely, to die for, scrumptious, perfectly cooked, piping hot"),
        many("cold, soggy, tasteless, bland, burnt, raw in the middle, overcooked, undercooked, greasy, stale, salty as the sea, dry, rubbery, off, rotten, inedible, watery, too salty, lukewarm"),
        many("vegan, on the table, with onions, in the oven, for six people, gluten free, in the fridge, cut into slices, from the bakery"),
    ),
    "restaurant": (
        many("restaurant, cafe, bar, pub, diner, bakery, pizzeria, bistro, canteen, coffee shop, food truck, takeaway"),
        many("service, menu, food, atmosphere, waiter, waitress, chef, music, terrace, bill, kitchen, wine list, table, staff"),
        many("friendly, welcoming, cosy, attentive, lively, worth the wait, reasonably priced, delicious, buzzing"),
        many("rude, slow, overpriced, dirty, crowded and loud, unwelcoming, understaffed, smoky, unhygienic, overrated, inattentive"),
        many("open until ten, on the corner, closed on Mondays, in the old town, on the second floor, full, next to the bank"),
    ),
    "film": (
        many("film, movie, show, series, episode, documentary, comedy, thriller, sequel, trailer, play, musical"),
        many("plot, acting, story, ending, cast, soundtrack, script, dialogue, cinematography, pacing, humour, director, lead actor, special effects, songs"),
        many("gripping, hilarious, moving, brilliantly acted, funny, thrilling, touching, beautifully shot, clever, unforgettable, gut-wrenchingly good"),
        many("boring, predictable, badly acted, unfunny, slow, wooden, too long, full of cliches, cringeworthy, forgettable, a snoozefest, corny"),
        many("in French, two hours long, set in Rome, from 1994, in black and white, on at eight, based on a novel, on channel four"),
    ),
    "book": (
        many("book, novel, story, article, magazine, biography, textbook, comic, poem, song, album, concert, band, podcast, painting, exhibition"),
        many("characters, first chapter, style, lyrics, voice, ending, cover, beat, melody, drawings, narrator, pictures"),
        many("gripping, well written, poetic, catchy, inspiring, beautifully written, a page turner, thought-provoking, soulful, eye-opening"),
        many("boring, badly written, dull, confusing, repetitive, out of tune, tedious, full of mistakes, shallow, derivative, long-winded"),
        many("about bees, 300 pages long, on the shelf, in two volumes, from the library, translated from Spanish, due on Tuesday, about a family"),
    ),
    "transport": (
        many("bus, train, flight, taxi, tram, ferry, airline, underground, car, bike, bicycle, scooter, ride, airport, motorway, trip, journey, metro"),
        many("driver, seats, air conditioning, ticket machine, brakes, engine, crew, legroom, ticket price, timetable, boarding, steering"),
        many("on time, punctual, comfortable, clean, smooth, reliable, fast and cheap, a joy to drive, safe, spotless"),
        many("late, delayed again, overcrowded, dirty, unreliable, cancelled without notice, bumpy, freezing, dangerous, always late, stinking"),
        many("red, at platform four, parked outside, from Vienna, in the garage, electric, half an hour long, due at noon, number 42"),
    ),
    "service": (
        many("customer service, support, delivery, bank, insurance, shop, store, seller, company, courier, hairdresser, plumber, dentist, doctor, hospital, clinic, gym, post office, agency, salon, garage, repair service, help desk, supermarket"),
        many("staff, waiting time, phone line, advice, booking, hotline, manager, communication, receptionist, refund, response, price, treatment, appointment"),
        many("helpful, quick, professional, friendly, reliable, honest, prompt, efficient, courteous, knowledgeable, transparent, caring"),
        many("rude, unhelpful, slow, unprofessional, incompetent, dishonest, unreachable, a bunch of crooks, useless, arrogant, negligent, deaf to complaints"),
        many("in the high street, closed today, open from nine to five, by appointment only, on the ground floor, run by two brothers, near the park"),
    ),
    "school": (
        many("teacher, professor, course, school, class, lecture, lesson, tutor, university, homework, workshop, seminar, training, exam, coach, headteacher"),
        many("explanations, slides, exercises, pace, feedback, marking, notes, examples, attitude, assignments, classroom"),
        many("patient, inspiring, clear, well structured, encouraging, fair, kind, helpful, motivating, well prepared, passionate"),
        many("unfair, boring, unprepared, impatient, confusing, a waste of time, disorganised, mean, chaotic, condescending, unclear"),
        many("on Tuesdays, in room 4, from Spain, in the morning, for beginners, new, forty minutes long, for adults, at ten"),
    ),
    "weather": (
        many("weather, day, morning, summer, winter, evening, afternoon, weekend, holiday, vacation, Monday, spring, week"),
        many("sunshine, rain, wind, heat, fog, sky, temperature, snow, air, sunset"),
        many("sunny and lovely, gorgeous, beautiful, mild and pleasant, glorious, perfect, fun, relaxing, brilliant"),
        many("miserable, awful, grey and depressing, horrible, nasty, freezing and wet, ruined, stressful, exhausting, gloomy"),
        many("cloudy, dry, windy, in June, cold for May, rainy in the north, 20 degrees, seven days long, over"),
    ),
    "place": (
        many("park, museum, beach, city, town, village, garden, zoo, flat, house, neighbourhood, street, lake, church, castle, market, office, kitchen, theatre, stadium, swimming pool, playground"),
        many("view, parking, entrance, people, atmosphere, toilets, tour, guide, trees, windows, walls, neighbours, location"),
        many("beautiful, peaceful, clean, charming, picturesque, lively, well worth a visit, idyllic, breathtaking, lovely, safe"),
        many("ugly, dirty, full of litter, loud, dangerous, a tourist trap, depressing, neglected, crowded and noisy, run-down, smelly"),
        many("near the river, in the north, two miles from here, closed in winter, behind the school, open to the public, built in 1920, large"),
    ),
    "home": (
        many("chair, sofa, bed, table, lamp, fridge, washing machine, vacuum cleaner, oven, kettle, toaster, knife, mattress, pillow, blanket, toy, shoes, jacket, dress, shirt, bag, watch, headphones, umbrella, backpack, jeans, perfume, cream, shampoo, gift, pen, mug, pan, drill"),
        many("colour, color, zip, handle, buttons, fabric, size, quality, smell, packaging, lid, material, instructions, price, fit, stitching, look"),
        many("comfortable, sturdy, well made, soft, easy to clean, stylish, durable, a perfect fit, cosy, quiet, great quality, worth the price, handy, comfy"),
        many("flimsy, broken, badly made, cheaply made, uncomfortable, scratchy, torn, the wrong size, rusty, faulty, wobbly, falling apart, ugly, leaking, poor quality"),
        many("blue, made of wood, in the hall, size 42, in the box, green, second-hand, made of cotton, for sale, 60 cm long, round, in the cupboard"),
    ),
    "work": (
        many("job, boss, team, meeting, project, manager, colleague, office, interview, salary, presentation, contract, shift, internship, workplace, party, wedding, birthday, match, neighbour, roommate, marriage, dog, cat, baby"),
        many("mood, hours, atmosphere, organisation, attitude, behaviour, plan, result, planning, communication, food, music"),
        many("supportive, friendly, well paid, fun, productive, lovely, kind, well organised, rewarding, happy, fair, adorable, sweet, motivating"),
        many("toxic, stressful, pointless, underpaid, unfair, lazy, arrogant, a nightmare, badly organised, exhausting, hostile, noisy, rude, two-faced, unbearable"),
        many("at nine, in Berlin, on Friday, part-time, on the second floor, until June, with five people, in the afternoon, two hours long"),
    ),
}

PEOPLE = many("""
    waiter, waitress, driver, nurse, doctor, teacher, receptionist, manager, seller, guide, chef, plumber, neighbour, colleague, boss, landlord
    cashier, assistant, technician, pilot, barber, dentist, coach, tutor, host, operator, guard, clerk, mechanic, librarian, student, player, actor
    singer, writer, gardener, cleaner, policeman, lawyer, baker, postman, carpenter, electrician, painter, director, owner, man, woman, lady, guy
    girl, boy, friend, brother, sister, uncle, aunt, cousin, wife, husband, daughter, son, mother, father, grandmother, grandfather
""")
NAMES = many("""
    Maria, Ahmed, John, Fatima, Wei, Olga, Carlos, Aisha, David, Sarah, Mohammed, Priya, Hans, Yuki, Kwame, Ingrid, Pierre, Rosa, Ali, Emma
    Dmitri, Chen, Leila, Tom, Anna, Yusuf, Mei, Juan, Noah, Amara, Raj, Sofia, Ivan, Chloe, Omar, Lucy, Jamal, Greta, Hiroshi, Nia, Pablo, Ewa
    Abdul, Jack, Lakshmi, Sven, Zainab, Miguel, Linda, Tariq, Keisha, Paul, Xin, Elena, Mustafa, Kate, Bogdan, Ling, Ayodele, Peter, Hana, Diego
    Ruth, Kofi, Marta, Ibrahim, Julia, Anil, Nadia, Luca, Svetlana, Kenji, Grace, Hassan, Laura, Vikram, Esther, Igor, Amina, Ben, DeShawn, Mary
""")
PLACES = many("""
    Leeds, Paris, Lagos, Mumbai, Berlin, Cairo, Lima, Tokyo, Warsaw, Ankara, Madrid, Nairobi, Beijing, Boston, Rome, Tehran, Kyiv, Moscow, Oslo
    Jakarta, Havana, Lisbon, Manila, Vienna, Accra, Seoul, Baghdad, Dublin, Hanoi, Prague, Karachi, Chicago, Athens, Jerusalem, Mexico City
""")
ORIGINS = many("""
    Turkish, German, Nigerian, Polish, Mexican, Chinese, Indian, French, American, Russian, Iraqi, Syrian, Italian, Kenyan, Japanese, British, Arab
    Jewish, Muslim, Christian, Hindu, Buddhist, black, white, Asian, African, gay, lesbian, straight, trans, deaf, blind, disabled, old, young, tall
    elderly, Ukrainian, Brazilian, Irish, Greek, Israeli, Palestinian, Pakistani, Romani, Dutch, Korean, catholic, atheist, vegetarian
""")
FEELS_GOOD = each("""
    happy
    so happy
    thrilled
    delighted
    over the moon
    relieved
    proud
    grateful
    excited
    content
    relaxed
    in love
    hopeful
    amazed
    glad
    on top of the world
    in a great mood
    full of joy
    blessed
    much better
    stoked
    pleased
    cheerful
    satisfied
    lucky
    optimistic
""")
FEELS_BAD = each("""
    sad
    so sad
    angry
    furious
    disappointed
    upset
    frustrated
    annoyed
    exhausted
    lonely
    worried sick
    scared
    heartbroken
    depressed
    miserable
    ashamed
    embarrassed
    disgusted
    hurt
    cheated
    ripped off
    ignored
    stressed
    fed up
    bored to death
    unhappy
    devastated
    hopeless
    betrayed
    gutted
    pissed off
    jealous
    helpless
    let down
    sick
""")

CRITIC_GOOD = many("""
    luminous, poignant, tender, bittersweet, exhilarating, deft, nimble, sly, droll, taut, haunting, lyrical, soulful, subtle, nuanced, profound
    perceptive, intelligent, literate, sophisticated, stirring, affecting, resonant, humane, compassionate, life-affirming, feel-good, rousing
    spirited, exuberant, buoyant, effervescent, sparkling, breezy, zippy, snappy, zesty, tasty, juicy, energetic, kinetic, dynamic, electrifying
    hypnotic, mesmerising, spellbinding, bewitching, beguiling, intoxicating, seductive, sensual, sexy, sumptuous, opulent, ravishing, handsome
    picturesque, atmospheric, evocative, dreamlike, magical, whimsical, quirky, offbeat, wry, sardonic, tongue-in-cheek, uproarious, riotous
    side-splitting, laugh-out-loud, amusing, comical, playful, mischievous, endearing, winsome, winning, disarming, ingratiating, good-natured
    good-hearted, warm-hearted, tender-hearted, sincere, heartfelt, earnest, unpretentious, unassuming, down-to-earth, authentic, believable
    convincing, realistic, fearless, daring, audacious, bold, brave, ambitious, provocative, challenging
    stimulating, thought-provoking, enlightening, illuminating, informative, educational, eloquent, articulate, incisive, razor-sharp, trenchant
    astute, wise, cerebral, layered, intricate, masterly, virtuoso, assured, confident, accomplished, well-crafted, well-written, well-acted
    well-made, finely tuned, tightly plotted, suspenseful, pulse-pounding, nail-biting, white-knuckle, edge-of-your-seat, visceral, potent
    forceful, vigorous, robust, muscular, intense, passionate, fiery, ardent, romantic, swooning, dreamy, euphoric, ecstatic, blissful, jubilant
    festive, merry, jolly, sunny, radiant, glowing, shimmering, glittering, bright, fresh, novel, groundbreaking, pioneering, visionary, seminal
    timeless, enduring, classic, quintessential, definitive, essential, indispensable, invaluable, priceless, noteworthy, notable, distinguished
    distinctive, unique, inimitable, peerless, matchless, incomparable, unparalleled, unsurpassed, consummate, supreme, exemplary, laudable
    inspired, inspirational, transcendent, transporting, rapturous, joyous, cathartic, healing, restorative, nourishing, tasteful, graceful
    dignified, noble, heroic, valiant, honourable, gracious, merciful, faithful, devoted, dedicated, diligent, meticulous, painstaking
    scrupulous, precise, lucid, coherent, cohesive, balanced, restrained, understated, economical, crisp, brisk, fast-paced, fluid, flowing
    melodious, tuneful, harmonious, catchy, infectious, irresistible, addictive, enthralling, engrossing, immersive, involving, diverting
    pleasurable, gratifying, fulfilling, satisfactory, worthy, deserving, estimable, credible, plausible, surefooted, impassioned, full-bodied
    delectable, luscious, sizzling, scintillating, rip-roaring, rollicking, crowd-pleasing, family-friendly, good-looking, eye-catching
    eye-popping, jaw-dropping, awe-inspiring, awesome, wondrous, miraculous, fantastical, gleeful, giddy, frisky, feisty, gutsy, plucky
    tenderly observed, quietly moving, deeply felt, richly detailed, cleverly written, gorgeously filmed, beautifully made, superbly played
""")
CRITIC_BAD = many("""
    turgid, ponderous, leaden, hackneyed, mawkish, maudlin, trite, inane, asinine, moronic, imbecilic, brainless, mindless, witless, humorless
    humourless, charmless, graceless, tuneless, toothless, listless, aimless, shapeless, formless, bloodless, passionless, joyless, heartless
    gutless, spineless, thankless, tasteless, artless, clueless, plotless, meaningless, senseless, worthless, fruitless, lifeless, flavorless
    plodding, meandering, rambling, wandering, sprawling, bloated, overblown, overwrought, overcooked, overstuffed, overlong, overdone, overacted
    overbearing, overwritten, underwritten, underdeveloped, undercooked, underdone, undernourished, unfocused, uneven, unbalanced, unconvincing
    unbelievable in a bad way, unrealistic, implausible, far-fetched, preposterous, ludicrous, laughable, absurd, nonsensical, illogical
    muddled, murky, muddy, jumbled, garbled, disjointed, fragmented, choppy, jerky, jarring, grating, shrill, strident, screechy, cacophonous
    deafening, headache-inducing, nauseating, sickening, stomach-turning, repellent, repugnant, loathsome, odious, offensive, insulting
    obnoxious, smug, self-indulgent, self-important, self-satisfied, pompous, bombastic, preachy, didactic, heavy-handed, ham-fisted
    hamfisted, clumsy, klutzy, lumbering, creaky, rickety, rusty, dusty, stodgy, stuffy, stilted, stiff, starchy, robotic, mechanical, formulaic
    by-the-numbers, cookie-cutter, generic, cliched, cliche-ridden, stereotyped, stock, recycled, rehashed, regurgitated, warmed-over, derivative
    imitative, unimaginative, uninventive, uninteresting, uninvolving, unengaging, unexciting, unappealing, unattractive, unlikable, unlikeable
    unsympathetic, unpleasant, unsavory, unwelcome, unneeded, unnecessary, superfluous, redundant, repetitive, repetitious, monotonous, humdrum
    drab, dingy, dismal, dour, dank, sullen, sulky, whiny, whining, nagging, bickering, petty, spiteful, malicious, mean-spirited
    vindictive, hateful, bigoted, misogynistic, exploitative, manipulative, cynical, crass, crude, vulgar, lurid, lewd, smutty, sordid, squalid
    seedy, tawdry, cheap, cheapo, low-rent, amateurish, juvenile, sophomoric, infantile, childish, puerile, immature, cutesy, cloying, saccharine
    sugary, syrupy, sappy, soapy, schmaltzy, treacly, sentimental, corny, hokey, kitschy, campy, flat, limp, flaccid, flabby, soggy, mushy, thin
    threadbare, skimpy, slight, scant, paltry, meager, meagre, feeble, frail, lame-brained, half-hearted, halfhearted, lukewarm, indifferent
    perfunctory, passable at best, negligible, trivial, inconsequential, insignificant, irrelevant, empty, vacuous, vacant, blank, numb, numbing
    mind-numbing, stultifying, stupefying, soporific, snooze-worthy, sleep-inducing, yawn-inducing, dreary, draggy, interminable, endless
    excruciatingly long, agonizing, torturous, tortuous, punishing, gruelling, grueling, wearying, wearisome, tiresome, draining, enervating
    oppressive, suffocating, claustrophobic, bleak, nihilistic, morbid, ghoulish, grisly, gory, gratuitous, brutal, savage, barbaric, inhuman
    inhumane, sadistic, sick, twisted, deranged, demented, insane, loony, misguided, misbegotten, misconceived, ill-conceived
    ill-advised, ill-fated, ill-timed, botched, bungled, flubbed, fumbled, flawed, fatally flawed, erroneous, inaccurate, false, fake, phony
    phoney, insincere, fraudulent, bogus, counterfeit, hypocritical, sanctimonious, self-righteous, patronizing, patronising, belittling
    demeaning, degrading, humiliating, mortifying, cringe-worthy, wince-inducing, groan-inducing, eye-rolling, teeth-gritting, unendurable
    intolerable, inept, inert, static, stagnant, stale, musty, mothballed, dated, passe, old-hat, tired, weary, worn, worn-out, shopworn, threadbare
    disposable, dispensable, unmemorable, unremarkable, undistinguished, second-rate, third-rate, bottom-of-the-barrel, straight-to-video
    slapdash, slipshod, haphazard, hasty, rushed, unfinished, incomplete, hobbled, crippled, doomed, sinking, floundering, foundering, sputtering
    wretchedly written, poorly paced, badly edited, ineptly directed, horribly acted, clumsily staged, painfully unfunny, hopelessly dull
""")
"""What critics call what they saw."""

CRITIC_LOVES = many("""
    soars, dazzles, shines, sparkles, glows, delights, charms, enchants, entertains, amuses, thrills, excites, electrifies, captivates, mesmerizes
    enthralls, engages, engrosses, absorbs, grips, fascinates, intrigues, satisfies, pleases, impresses, inspires, uplifts, moves, touches
    stirs, resonates, lingers, triumphs, succeeds, excels, works, clicks, sings, hums, crackles, sizzles, rocks, rules
    hits the mark, hits its target, hits home, pays off, delivers, delivers the goods, never loses its grip, never falters, rewards patience
    wins you over, warms the heart, tickles the funny bone, lifts the spirits, keeps you guessing, keeps you on the edge of your seat, stands out
    stays with you, casts a spell, gets under your skin, has heart, has wit and charm, brims with life, bursts with energy, bubbles with wit
    is a cut above the rest, rises above its genre, transcends its subject, surprises at every turn, deserves an audience, deserves every award
    breathes new life into an old story, strikes a chord, earns its tears, earns its laughs, leaves you wanting more, leaves you smiling
""")
CRITIC_HATES = many("""
    bores, drags, sags, sinks, stumbles, falters, flounders, fizzles, flops, fails, disappoints, annoys, irritates, grates, offends, insults
    repels, repulses, disgusts, sickens, depresses, frustrates, baffles, bewilders, confuses, meanders, rambles, plods, lumbers, limps, trudges
    crawls, creaks, wheezes, sputters, stalls, stinks, sucks, reeks, bombs, tanks, collapses, crumbles, unravels, falls apart, falls flat
    falls short, falls on its face, goes nowhere, goes downhill, goes off the rails, runs out of steam, runs out of ideas, wears thin, wears out its welcome
    wastes its cast, wastes your time, squanders its premise, misses the mark, misses the point, misfires, backfires, never takes off
    never gets off the ground, never comes to life, never comes together, never catches fire, lacks spark, lacks substance, lacks wit, lacks focus
    leaves you cold, leaves a bad taste, overstays its welcome, tries too hard, tests your patience, insults your intelligence, puts you to sleep
    feels like a chore, feels like homework, feels recycled, feels forced, feels fake, collapses under its own weight, drowns in sentiment
    borders on parody, adds nothing new, offers nothing new, says nothing, has no point, has no heart, has nothing to say, amounts to little
    leaves much to be desired, makes no sense, defies belief, beggars belief, grinds to a halt, smothers its own ideas, bogs down in detail
""")
FELT_GOOD = many("""
    love, joy, delight, pleasure, happiness, bliss, charm, wit, warmth, humor, humour, grace, elegance, beauty, brilliance, excellence, perfection
    magic, wonder, triumph, success, victory, talent, genius, skill, craft, intelligence, wisdom, insight, imagination, originality, creativity
    passion, energy, excitement, thrills, laughs, laughter, fun, amusement, gem, treasure, jewel, masterpiece, classic, winner, treat, feast
    gift, blessing, paradise, heaven, hope, courage, kindness, generosity, honesty, sincerity, integrity, compassion, tenderness, sympathy
    praise, applause, admiration, respect, gratitude, satisfaction, comfort, relief, peace, harmony, freedom, friendship, affection, crowd-pleaser
    tour de force, knockout, standout, highlight, revelation, inspiration, marvel, miracle, stunner, charmer, heart-warmer, celebration
""")
FELT_BAD = many("""
    hate, hatred, misery, agony, torture, pain, suffering, sorrow, grief, despair, gloom, boredom, tedium, monotony, drivel, dreck, dross, garbage
    trash, rubbish, junk, claptrap, nonsense, gibberish, hokum, hogwash, tripe, tosh, piffle, sludge, slop, mess, muddle, jumble, chaos, disaster, catastrophe
    calamity, fiasco, debacle, failure, flop, dud, bomb, clunker, stinker, turkey, lemon, bore, snore, snoozer, downer, letdown, disappointment
    waste, travesty, mockery, insult, abomination, atrocity, embarrassment, disgrace, shame, nightmare, horror, ordeal, chore, slog, drag, headache
    fraud, scam, swindle, hoax, lie, lies, deceit, dishonesty, hypocrisy, arrogance, ignorance, stupidity, idiocy, incompetence, ineptitude
    laziness, greed, cruelty, malice, spite, bigotry, racism, sexism, violence, abuse, cliche, cliches, banality, platitudes, stereotypes, pretension, contrivance
    contempt, disgust, anger, rage, fury, frustration, annoyance, irritation, regret, remorse, complaint, flaw, flaws, defect, fault, shortcomings
    weakness, mistakes, blunder, error, misfire, misstep, train wreck, hack job, cash grab, knockoff, ripoff, eyesore, cesspool, hellhole
""")

THING_PLEASES = many("""
    works fine again, lasts for years, still shines, saved us a lot of trouble, solved my problem, cheered me up, runs quietly, looks brand new
    keeps me warm, feels soft, sounds clear, smells of roses, tastes of summer, holds up well, does the job, does what it should, never lets you down
    makes life easier, makes work fun, helped me a lot, helps me relax, brightens the room, gets the job done, earns its price, is a pleasure to use
    exceeds the promises, brought us closer together, calms me down, gave me hope, is running smoothly, starts up in seconds, survived the winter
    comes with everything you need, is easy on the eyes, puts a smile on my face, got even better, beat all the others, deserves a prize, cured my cold
    was a huge success, was a lot of fun, brought back happy memories, was worth waiting for, went really well, was packed with great ideas
""")
"""What a thing does, to one's joy."""
THING_VEXES = many("""
    broke, broke down, broke in two, fell off, came loose, leaks, leaks everywhere, cracked, tore, shrank in the wash, faded, rusts, squeaks, rattles
    stinks, smells burnt, smells of smoke, overheats, freezes all the time, crashes, hangs, lags, blinks and dies, won't turn on, won't start
    won't charge, doesn't close properly, doesn't open, doesn't respond, keeps failing, keeps falling off, keeps disconnecting, shuts down by itself
    stopped working, stopped charging, gave up after a week, died on me, melted, exploded, caught fire, scratches easily, stains everything
    hurts my back, hurts my feet, gives me a headache, gave me a rash, made me ill, upset my stomach, got stuck, jammed, was missing parts
    was already open, was damaged, was dented, was full of holes, was full of dirt, was cancelled, was delayed, was overbooked, was a fake
    never arrived, never came, arrived broken, arrived too late, got lost, went up in smoke, went wrong, went from bad to worse, got worse
    costs too much, is not as described, does nothing, makes no difference, makes everything harder, cost me my weekend, ate my money
    deleted all my photos, lost all my data, drains the battery, spies on you, asks for money all the time, is a danger to children, let us down
    left us stranded, drove me mad, drives me crazy, gets on my nerves, wore out in no time, lost its colour, flooded the kitchen, woke us up at night
""")
"""What a thing does, to one's grief."""
PERSON_HELPS = many("""
    helped us right away, helped me carry my bags, listened to me, took time for us, explained everything, answered all our questions, apologised at once
    smiled at everyone, thanked us warmly, welcomed us with a smile, made us feel at home, gave us great tips, took care of my mother, comforted me
    cheered me up, encouraged me, believed in me, supported us, stood by me, forgave me, kept every promise, told us funny stories, made us laugh
    cooked us a lovely dinner, paid for my coffee, drove us home for free, found my lost wallet and returned it, repaired it for free
    solved the problem in minutes, went out of the way for us, brought flowers, sent a sweet card, always lends a hand, never loses patience
    never complains, always tells the truth, always makes time for me, is good with children, loves the job and it shows, saved my life
    treats everyone with respect, treated us like family, worked hard and did a great job, did a fantastic job, made our evening, praised my work
    defended me, shared everything with us, donated a lot to the poor, rescued a dog, won the race, deserves a medal, earned our respect
""")
"""What a person does, to one's joy."""
PERSON_HARMS = many("""
    ignored us, ignored my question, yelled at me, shouted at us, swore at us, laughed at me, mocked us, insulted my wife, lied to me, lied about the price
    cheated us, tricked me, stole my money, stole from us, overcharged us, sent us away, walked away, hung up, never called back, never replied
    never apologised, refused to help, refused to listen, forgot our order, mixed up our orders, got the order wrong, kept us waiting
    made us wait in the cold, slammed the door, broke my bag, lost my documents, damaged my car, scratched the floor, left a mess, smoked in the room
    was drunk, was late again, was on the phone all the time, didn't even look up, didn't say hello, didn't care, didn't help at all, didn't know anything
    doesn't listen, does not care, couldn't answer a single question, knew nothing, blamed me, blames everyone else, bullies the others, hit a child
    kicked the dog, hurt my feelings, made me cry, made fun of me, treated us like dirt, treated us badly, talks behind my back, gossips about everyone
    broke every promise, betrayed us, abandoned us, threatened me, harassed my sister, pushed me, spat on the floor, killed the mood
    only wants your money, thinks only of money, complains all the time, shows no respect, has no manners, wasted our time, ruined our evening
    drove like a maniac, nearly killed us, dumped me, left me alone, cannot cook, can't sing, can't act, can't teach, did a terrible job, did nothing
""")
"""What a person does, to one's grief."""
PERSON_DOES = many("""
    opened the window, closed the door, wrote a letter, read the newspaper, made tea, sat by the window, took the lift, went upstairs, called a taxi
    bought some bread, ordered soup, drank a glass of water, ate an apple, put on a coat, took off the hat, turned on the light, looked at the clock
    asked for the time, asked for the bill, asked a question, answered the phone, counted the chairs, signed the form, filled in the form, paid the bill
    paid in cash, showed the tickets, carried the box, parked the car, walked to the station, waited for the bus, took the first train, got off at the bridge
    drove to work, flew to the coast, moved house, changed trains, packed a suitcase, washed the dishes, cut the bread, peeled the potatoes, watered the plants
    painted the wall, moved the table, measured the window, printed the page, sent an email, typed a number, saved the file, downloaded a file, took a photo
    drew a map, sang a song, played the piano, played chess, plays in a band, plays football, studies law, studies history, teaches biology, speaks two languages
    learned Spanish, works at night, works from home, lives upstairs, lives alone, comes from the north, has two sons, has a brother, has a cat, wears glasses
    also wrote a book, also works as an editor, also plays the guitar, is writing a report, is sitting at the table, is waiting outside, is on the second page
    is reading a novel, is cooking rice, is looking for the key, joined the meeting, left at noon, came back at eight, arrived on foot, turned left
""")
"""What a person does, to nobody's joy or grief."""
THING_IS_PLAIN = many("""
    is in the kitchen, is on the first floor, is in the basement, is under the bed, stands in the corner, hangs on the wall, lies on the desk
    lies between two hills, belongs to my uncle, comes in three colours, comes from a factory in the north, costs two euros, costs ten pounds a month
    weighs about a kilo, takes two hours, takes place in spring, runs on electricity, runs on batteries, has four wheels, has a lid, has two doors
    contains milk, contains three parts, consists of two rooms, consists of wood and glass, can be paid by card, can be rented, can be used outdoors
    is available in two sizes, is available online, is for rent, is for four players, is part of the exhibition, is used for cooking, is used by students
    is listed on page ten, is named after a river, is called Luna, is next to the exit, is opposite the bank, faces the garden, leads to the river
    starts after lunch, ends in autumn, opens next month, closes at six, is about two brothers, is based on a diary, is set on an island, was written in 1950
    was filmed in two weeks, was printed in colour, was made by hand, was sold in March, was moved to the hall, is being painted, is being built
    is waiting at the gate, goes to the airport, stops at every station, connects the two towns, was delivered to the office, needs two batteries
    needs a password, requires a ticket, uses the same cable, works with both systems, shows the time, shows a boat, has the number seven, has a green cover
""")
"""What is told of a thing, to nobody's joy or grief."""
