package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;

/** The names of users: two words and mostly a number. The names are unique, in all revisions. */
final class Usernames implements RowContent {
    private static final String[] FIRST = {
        "Moon",
        "Diamond",
        "Tendie",
        "Paper",
        "Gamma",
        "Theta",
        "Delta",
        "Vega",
        "Rocket",
        "Yolo",
        "Bull",
        "Bear",
        "Degen",
        "Stonk",
        "Margin",
        "Option",
        "Lambo",
        "Ape",
        "Wheel",
        "Condor",
        "Strangle",
        "Penny",
        "Dip",
        "Short",
        "Long",
        "Swing",
        "Momentum",
        "Value",
        "Growth",
        "Leverage",
        "Hedge",
        "Covered",
        "Naked",
        "Iron",
        "Golden",
        "Silver",
        "Lucky",
        "Sleepy",
        "Grumpy",
        "Captain",
        "Doctor"
    };
    private static final String[] SECOND = {
        "Boy",
        "Hands",
        "Maker",
        "Hunter",
        "Whale",
        "Shark",
        "King",
        "Queen",
        "Wizard",
        "Ninja",
        "Trader",
        "Rider",
        "Chaser",
        "Buyer",
        "Seller",
        "Squeezer",
        "Gang",
        "Lord",
        "Baron",
        "Pilot",
        "Surfer",
        "Farmer",
        "Miner",
        "Sniper",
        "Dreamer",
        "Gambler",
        "Monkey",
        "Panda",
        "Falcon",
        "Tiger",
        "Otter",
        "Badger",
        "Pirate",
        "Viking",
        "Cowboy",
        "Samurai",
        "Butler"
    };
    /** The prefixes of changed names; none is a prefix of a first word. */
    private static final String[] EPITHETS = {"Real", "The", "Just", "Mister", "Not"};
    /** The lengths of the lists are coprime, so this many ids have unique names without a number. */
    private static final int PAIRS = FIRST.length * SECOND.length;

    private static final int NUMBERS = 9973;
    private static final int NUMBER_STRIDE = 42;
    /** One in so many revisions changes the name. */
    private static final int RENAMED_ONE_IN = 4;

    @Override
    public void write(long id, long validFrom, long revision, DatumBuffer into) {
        into.writeLong(id).writeLong(validFrom).writeString(name(id, revision));
    }

    static String name(long id, long revision) {
        String name = FIRST[(int) (id % FIRST.length)] + SECOND[(int) (id % SECOND.length)];
        long round = id / PAIRS;
        if (round > 0) {
            name += round * NUMBER_STRIDE % NUMBERS;
        }
        if (revision != ORIGINAL && Math.floorMod(revision, RENAMED_ONE_IN) == 0) {
            name = EPITHETS[(int) IndexedRandom.scale(revision, EPITHETS.length)] + name;
        }
        return name;
    }

    /** Two words of a name. */
    static String words(long random, String between) {
        return FIRST[(int) IndexedRandom.scale(random, FIRST.length)]
                + between
                + SECOND[(int) IndexedRandom.scale(IndexedRandom.mix(random), SECOND.length)];
    }
}
