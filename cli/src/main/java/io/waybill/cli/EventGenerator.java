package io.waybill.cli;

import io.waybill.cli.EventEntities.Template;
import io.waybill.cli.EventVocabulary.Device;
import io.waybill.cli.EventVocabulary.Language;
import io.waybill.cli.EventVocabulary.Place;
import io.waybill.cli.EventVocabulary.Referrer;
import io.waybill.cli.EventVocabulary.Site;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A maker of realistic Snowplow enriched events: made-up people who visit made-up sites, one valid line of 131 columns
 * after the other. The same seed and start give the same bytes on every machine and every JDK. Not thread-safe.
 *
 * <p>A line has about 2.5 KB (1 to 5), 57 filled columns and 60 % of its bytes in the three JSON columns, with 1 to 8
 * contexts; about 70 % of the lines hold text that is not ASCII, 9 % escapes, and 3 % of the JSON columns blanks.
 */
public final class EventGenerator {
    private static final int COLUMNS = 131;
    private static final int PEOPLE = 64;
    private static final long DAY = 86_400_000;
    private static final long SESSION_TIMEOUT = 1_800_000;
    private static final Instant EARLIEST = Instant.parse("1980-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9000-01-01T00:00:00Z");

    private enum Kind {
        PAGE_VIEW,
        PAGE_PING,
        STRUCT,
        UNSTRUCT,
        TRANSACTION,
        TRANSACTION_ITEM
    }

    private final Dice dice;
    private final StringBuilder line = new StringBuilder(8 * 1024);
    private final EventEntities entities;
    private final Visitor[] visitors;
    private final CharsetEncoder utf8 = StandardCharsets.UTF_8.newEncoder();
    private char[] chars = new char[8 * 1024];
    private byte[] encoded = new byte[3 * 8 * 1024 + 1];
    private long now;
    private int column;

    /**
     * Creates a generator.
     *
     * @param seed what all choices follow from
     * @param start when the first event happens, from the year 1980 to 8999
     */
    public EventGenerator(long seed, Instant start) {
        this(seed, start, PEOPLE);
    }

    /** Creates a generator with so many people on the sites at a time: the fewer, the closer the events of a visit. */
    EventGenerator(long seed, Instant start, int people) {
        if (start.isBefore(EARLIEST) || !start.isBefore(LATEST)) {
            throw new IllegalArgumentException(
                    "events start at %s, want a time from %s to %s".formatted(start, EARLIEST, LATEST));
        }
        dice = new Dice(seed);
        entities = new EventEntities(line, dice);
        now = start.toEpochMilli();
        visitors = new Visitor[people];
        for (int i = 0; i < people; i++) {
            visitors[i] = new Visitor();
            visitors[i].becomeSomeoneElse(dice);
        }
    }

    /**
     * Makes the next event, some milliseconds to seconds after the last.
     *
     * @return its line in UTF-8, without a line end
     */
    public byte[] next() {
        int length = compose();
        return Arrays.copyOf(encoded, length);
    }

    /**
     * Makes the next event and writes it with a line end.
     *
     * @param out receives the line in one call
     * @throws IOException if the stream fails
     */
    public void writeLine(OutputStream out) throws IOException {
        int length = compose();
        encoded[length] = '\n';
        out.write(encoded, 0, length + 1);
    }

    /** Moves time forward; people whose visit is over by then come again with a new session. */
    void moveTo(Instant time) {
        if (time.toEpochMilli() < now) {
            throw new IllegalArgumentException(
                    "time cannot go back from %s to %s".formatted(Instant.ofEpochMilli(now), time));
        }
        now = time.toEpochMilli();
    }

    /** Makes an event in the array of bytes, which always has room for a line end, and tells its length. */
    private int compose() {
        now += 1 + dice.below(1_600);
        Visitor visitor = visitors[dice.low(visitors.length)];
        Kind kind = happen(visitor);
        line.setLength(0);
        column = 0;
        entities.begin(now);
        event(visitor, kind);
        if (column != COLUMNS) {
            throw new IllegalStateException("wrote %d columns, want %d".formatted(column, COLUMNS));
        }
        line.setLength(line.length() - 1);
        return encode();
    }

    private int encode() {
        int length = line.length();
        if (chars.length < length) {
            chars = new char[2 * length];
            encoded = new byte[3 * chars.length + 1];
        }
        line.getChars(0, length, chars, 0);
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        CoderResult result = utf8.reset().encode(CharBuffer.wrap(chars, 0, length), bytes, true);
        if (!result.isUnderflow()) {
            throw new IllegalStateException("text of an event cannot be encoded: " + result);
        }
        return bytes.position();
    }

    /** Decides what a visitor does next and brings the visitor's state there. */
    private Kind happen(Visitor visitor) {
        boolean idle = now - visitor.lastSeen > SESSION_TIMEOUT;
        visitor.lastSeen = now;
        if (visitor.eventsLeft-- <= 0 || idle) {
            if (visitor.sessionIndex > 0 && dice.percent(25)) {
                visitor.becomeSomeoneElse(dice);
            }
            visitor.beginSession(dice);
            return Kind.PAGE_VIEW;
        }
        visitor.eventIndex++;
        if (visitor.itemsLeft > 0) {
            visitor.itemsLeft--;
            return Kind.TRANSACTION_ITEM;
        }
        int of100 = dice.below(100);
        if (of100 < 25) {
            visitor.openPage(dice);
            return Kind.PAGE_VIEW;
        }
        if (of100 < 62) {
            visitor.scroll =
                    Math.min(visitor.scroll + dice.below(900), Math.max(visitor.docHeight - visitor.viewHeight, 0));
            return Kind.PAGE_PING;
        }
        if (of100 < 74) {
            return Kind.STRUCT;
        }
        if (of100 < 98) {
            return Kind.UNSTRUCT;
        }
        visitor.order = 1_000_000 + dice.below(9_000_000);
        visitor.itemsLeft = 1 + dice.low(4);
        return Kind.TRANSACTION;
    }

    // The methods below write every one of the 131 columns once, in canonical order.

    private void event(Visitor visitor, Kind kind) {
        Template own = kind == Kind.UNSTRUCT ? entities.event() : null;
        long created = now - 40 - dice.below(2_500);
        long sent = created + dice.below(40);
        identity(visitor, kind, created);
        geo(visitor);
        page(visitor);
        referrer(visitor, kind);
        marketing(visitor);
        entities.contexts(visitor);
        end();
        structured(visitor, kind);
        if (own != null) {
            entities.unstruct(own, visitor);
        }
        end();
        transaction(visitor, kind);
        ping(visitor, kind);
        browser(visitor);
        machine(visitor);
        currencies(visitor, kind);
        rest(visitor, sent);
        if (dice.percent(95)) {
            entities.derivedContexts(visitor);
        }
        end();
        put(visitor.sessionId);
        time(now - (sent - created)); // derived_tstamp
        name(kind, own);
        dice.hex(line, 32);
        end(); // event_fingerprint
        if (dice.percent(2)) {
            time(created); // true_tstamp
        } else {
            skip(1);
        }
    }

    private void identity(Visitor visitor, Kind kind, long created) {
        put(visitor.site.app());
        put("web");
        time(now + 700 + dice.below(90_000)); // etl_tstamp
        time(now);
        time(created);
        put(
                switch (kind) {
                    case PAGE_VIEW -> "page_view";
                    case PAGE_PING -> "page_ping";
                    case STRUCT -> "struct";
                    case UNSTRUCT -> "unstruct";
                    case TRANSACTION -> "transaction";
                    case TRANSACTION_ITEM -> "transaction_item";
                });
        if (visitor.eventIndex == 1) {
            line.append(visitor.firstEventId);
        } else {
            dice.uuid(line);
        }
        end(); // event_id
        if (visitor.site.classic()) {
            put(100_000 + dice.below(900_000)); // txn_id
        } else {
            skip(1);
        }
        put("sp");
        put(visitor.site.classic() ? "js-2.17.3" : "js-3.24.2");
        put("ssc-3.2.0-kinesis");
        put("snowplow-enrich-kinesis-5.1.0");
        put(visitor.userId);
        put(visitor.ip);
        skip(1); // user_fingerprint
        put(visitor.domainUserId);
        put(visitor.sessionIndex);
        put(visitor.networkUserId);
    }

    private void geo(Visitor visitor) {
        Place place = visitor.place;
        boolean full = !visitor.site.classic();
        put(place.country());
        put(full ? place.region() : "");
        put(place.city());
        skip(1); // geo_zipcode
        fixed(line, visitor.latitude, 4);
        end();
        fixed(line, visitor.longitude, 4);
        end();
        put(full ? place.regionName() : "");
        put(visitor.network);
        skip(3); // ip_organization, ip_domain, ip_netspeed
    }

    private void page(Visitor visitor) {
        put(visitor.url);
        put(visitor.title);
        put(visitor.referrerUrl);
        put("https");
        put(visitor.site.host());
        put(443);
        put(visitor.path);
        put(visitor.query);
        put(visitor.fragment);
    }

    private void referrer(Visitor visitor, Kind kind) {
        Referrer referrer = visitor.referrer;
        if (referrer == null || kind == Kind.TRANSACTION || kind == Kind.TRANSACTION_ITEM) {
            skip(9);
            return;
        }
        put("https");
        put(referrer.host());
        skip(1); // refr_urlport
        put(referrer.path());
        skip(2); // refr_urlquery, refr_urlfragment
        put(referrer.medium());
        put(referrer.source());
        skip(1); // refr_term
    }

    private void marketing(Visitor visitor) {
        if (visitor.campaign.isEmpty()) {
            skip(5);
            return;
        }
        put("cpc");
        put("newsletter");
        skip(2); // mkt_term, mkt_content
        put(visitor.campaign);
    }

    private void structured(Visitor visitor, Kind kind) {
        if (kind != Kind.STRUCT) {
            skip(5);
            return;
        }
        put(dice.pick(EventVocabulary.CATEGORIES));
        put(dice.pick(EventVocabulary.ACTIONS));
        put(dice.pick(visitor.language.phrases()));
        skip(1); // se_property
        if (dice.percent(40)) {
            fixed(line, dice.below(20_000), dice.below(3));
        }
        end();
    }

    private void transaction(Visitor visitor, Kind kind) {
        if (kind == Kind.TRANSACTION) {
            put(visitor.order);
            skip(1); // tr_affiliation
            money(20_000);
            money(3_000);
            money(900);
            put(visitor.place.city());
            skip(1); // tr_state
            put(visitor.place.country());
        } else {
            skip(8);
        }
        if (kind == Kind.TRANSACTION_ITEM) {
            put(visitor.order);
            line.append("SKU-").append(10_000 + dice.low(4_000));
            end();
            put(dice.pick(visitor.language.words()));
            put(dice.pick(EventVocabulary.CATEGORIES));
            money(9_000);
            put(1 + dice.low(5));
        } else {
            skip(6);
        }
    }

    private void ping(Visitor visitor, Kind kind) {
        if (kind == Kind.PAGE_PING) {
            put(0);
            put(0);
            put(Math.max(visitor.scroll - dice.below(400), 0));
            put(visitor.scroll);
        } else {
            skip(4);
        }
    }

    private void browser(Visitor visitor) {
        Device device = visitor.device;
        put(device.agent());
        if (visitor.site.classic()) {
            put(device.browser());
            skip(1); // br_family
            put(device.version());
            put("Browser");
        } else {
            skip(4);
        }
        skip(1); // br_renderengine
        put(visitor.browserLanguage);
        skip(9); // br_features_pdf to br_features_silverlight
        put(true); // br_cookies
        put(24);
        put(visitor.viewWidth);
        put(visitor.viewHeight);
    }

    private void machine(Visitor visitor) {
        Device device = visitor.device;
        if (visitor.site.classic()) {
            put(device.os());
        } else {
            skip(1);
        }
        skip(2); // os_family, os_manufacturer
        put(visitor.place.zone());
        if (visitor.site.classic()) {
            put(device.isMobile() ? "Mobile" : "Computer");
            put(device.isMobile());
        } else {
            skip(2);
        }
        put(device.width());
        put(device.height());
        if (visitor.site.classic()) {
            skip(3); // doc_charset, doc_width, doc_height
        } else {
            skip(1); // doc_charset
            put(visitor.viewWidth);
            put(visitor.docHeight);
        }
    }

    private void currencies(Visitor visitor, Kind kind) {
        put(kind == Kind.TRANSACTION ? visitor.place.currency() : "");
        skip(3); // tr_total_base, tr_tax_base, tr_shipping_base
        put(kind == Kind.TRANSACTION_ITEM ? visitor.place.currency() : "");
        skip(2); // ti_price_base, base_currency
    }

    private void rest(Visitor visitor, long sent) {
        put(visitor.site.classic() ? "" : visitor.place.zone()); // geo_timezone
        put(visitor.clickId);
        put(visitor.clickId.isEmpty() ? "" : "Example Ads");
        skip(1); // etl_tags
        time(sent);
        if (visitor.crossDomain) {
            put(visitor.networkUserId);
            time(visitor.sessionStart);
        } else {
            skip(2);
        }
    }

    private void name(Kind kind, @Nullable Template own) {
        if (own != null) {
            put(own.vendor());
            put(own.name());
        } else {
            put(kind == Kind.STRUCT ? "com.google.analytics" : "com.snowplowanalytics.snowplow");
            put(
                    switch (kind) {
                        case PAGE_VIEW -> "page_view";
                        case PAGE_PING -> "page_ping";
                        case TRANSACTION -> "transaction";
                        case TRANSACTION_ITEM -> "transaction_item";
                        default -> "event";
                    });
        }
        put("jsonschema");
        put(own != null ? own.version() : "1-0-0");
    }

    private void put(String value) {
        line.append(value);
        end();
    }

    private void put(int value) {
        line.append(value);
        end();
    }

    private void put(boolean value) {
        line.append(value ? '1' : '0');
        end();
    }

    private void money(int cents) {
        fixed(line, 100 + dice.below(cents), 2);
        end();
    }

    private void time(long millis) {
        time(line, millis, ' ');
        end();
    }

    private void end() {
        line.append('\t');
        column++;
    }

    private void skip(int columns) {
        for (int i = 0; i < columns; i++) {
            end();
        }
    }

    /** Writes a number with so many decimal places: by hand, since the text of a double depends on the JDK. */
    static void fixed(StringBuilder out, long units, int places) {
        long scale = places == 0 ? 1 : places == 1 ? 10 : places == 2 ? 100 : places == 3 ? 1_000 : 10_000;
        if (units < 0) {
            out.append('-');
        }
        out.append(Math.abs(units) / scale);
        if (places > 0) {
            out.append('.').append(Math.abs(units) % scale + scale);
            out.deleteCharAt(out.length() - 1 - places);
        }
    }

    /** Writes a time as an ISO 8601 text in UTC. */
    static void isoTime(StringBuilder out, long millis) {
        time(out, millis, 'T');
        out.append('Z');
    }

    private static void time(StringBuilder out, long millis, char between) {
        out.append(LocalDate.ofEpochDay(Math.floorDiv(millis, DAY))).append(between);
        int ofDay = (int) Math.floorMod(millis, DAY);
        digits(out, ofDay / 3_600_000, 10);
        out.append(':');
        digits(out, ofDay / 60_000 % 60, 10);
        out.append(':');
        digits(out, ofDay / 1_000 % 60, 10);
        out.append('.');
        digits(out, ofDay % 1_000, 100);
    }

    private static void digits(StringBuilder out, int value, int highest) {
        for (int unit = highest; unit > 0; unit /= 10) {
            out.append((char) ('0' + value / unit % 10));
        }
    }

    /** A person on one of the sites, with the session and the page of the moment; an empty text is an absent value. */
    static final class Visitor {
        Site site = EventVocabulary.SITES.get(0);
        Place place = EventVocabulary.PLACES.get(0);
        Language language = EventVocabulary.LANGUAGES.get(0);
        Device device = EventVocabulary.DEVICES.get(0);
        String browserLanguage = "";
        String network = "";
        String ip = "";
        String userId = "";
        String domainUserId = "";
        String networkUserId = "";
        int latitude;
        int longitude;
        int viewWidth;
        int viewHeight;

        int sessionIndex;
        long sessionStart;
        String sessionId = "";
        String previousSessionId = "";
        String firstEventId = "";
        int eventIndex;
        int eventsLeft;
        long lastSeen;
        boolean crossDomain;

        @Nullable
        Referrer referrer;

        String campaign = "";
        String clickId = "";

        String pageId = "";
        String url = "";
        String path = "";
        String query = "";
        String fragment = "";
        String title = "";
        String referrerUrl = "";
        int docHeight;
        int scroll;
        int order;
        int itemsLeft;

        private void becomeSomeoneElse(Dice dice) {
            site = dice.pick(EventVocabulary.SITES);
            place = dice.pick(EventVocabulary.PLACES);
            device = dice.pick(EventVocabulary.DEVICES);
            language = EventVocabulary.language(place.language());
            browserLanguage = language.code() + "-" + place.country();
            userId = dice.percent(25) ? "u-" + (100_000 + dice.below(900_000)) : "";
            network = userId.isEmpty() && dice.percent(10) ? dice.pick(EventVocabulary.NETWORKS) : "";
            ip = dice.pick(EventVocabulary.IP_RANGES) + (1 + dice.below(254));
            domainUserId = dice.uuid();
            networkUserId = dice.uuid();
            latitude = place.latitude() + dice.below(400) - 200;
            longitude = place.longitude() + dice.below(400) - 200;
            viewWidth = device.width() - (device.isMobile() ? 0 : 15);
            viewHeight = device.height() - 60 - dice.below(120);
            sessionIndex = dice.low(20);
            sessionId = sessionIndex == 0 ? "" : dice.uuid();
        }

        private void beginSession(Dice dice) {
            sessionIndex++;
            sessionStart = lastSeen;
            previousSessionId = sessionId;
            sessionId = dice.uuid();
            firstEventId = dice.uuid();
            eventIndex = 1;
            eventsLeft = 3 + dice.low(40);
            itemsLeft = 0;
            campaign = dice.percent(15) ? dice.pick(EventVocabulary.CAMPAIGNS) : "";
            crossDomain = campaign.isEmpty() && dice.percent(4);
            referrer = campaign.isEmpty() && dice.percent(60) ? dice.pick(EventVocabulary.REFERRERS) : null;
            referrerUrl = referrer == null ? "" : "https://" + referrer.host() + referrer.path();
            clickId = !campaign.isEmpty() && dice.percent(30) ? dice.hex(24) : "";
            open(dice);
            if (!campaign.isEmpty()) {
                query = "utm_source=newsletter&utm_medium=cpc&utm_campaign=" + campaign;
                address();
            }
        }

        private void openPage(Dice dice) {
            referrer = new Referrer("internal", "", site.host(), path);
            referrerUrl = url;
            campaign = "";
            clickId = "";
            open(dice);
        }

        private void open(Dice dice) {
            List<String> words = language.encodedWords();
            pageId = dice.uuid();
            path = "/" + language.code() + "/" + dice.pick(EventVocabulary.SECTIONS) + "/"
                    + (dice.percent(40) ? dice.pick(words) + "-" : "") + (1_000 + dice.low(9_000));
            query = dice.percent(10) ? "q=" + dice.pick(words) + "&page=" + (1 + dice.low(9)) : "";
            fragment = query.isEmpty() && dice.percent(6) ? "reviews" : "";
            title = dice.pick(language.phrases()) + " | " + site.name();
            docHeight = 900 + dice.below(6_000);
            scroll = 0;
            address();
        }

        private void address() {
            url = "https://" + site.host() + path + (query.isEmpty() ? "" : "?" + query)
                    + (fragment.isEmpty() ? "" : "#" + fragment);
        }
    }

    /** The only source of chance: SplitMix64, written out so that no JDK can change it. */
    static final class Dice {
        static final String HEX = "0123456789abcdef";

        private long state;

        Dice(long seed) {
            state = seed;
        }

        long next() {
            state += 0x9e3779b97f4a7c15L;
            long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
            mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
            return mixed ^ (mixed >>> 31);
        }

        /** A number from 0, below the bound. */
        int below(int bound) {
            return (int) (((next() >>> 32) * bound) >>> 32);
        }

        /** A number from 0, below the bound, the low ones more often. */
        int low(int bound) {
            int first = below(bound);
            return Math.min(first, below(bound));
        }

        boolean percent(int chance) {
            return below(100) < chance;
        }

        <T> T pick(List<T> choices) {
            return choices.get(below(choices.size()));
        }

        void hex(StringBuilder out, int digits) {
            long bits = 0;
            for (int i = 0; i < digits; i++) {
                bits = (i & 15) == 0 ? next() : bits >>> 4;
                out.append(HEX.charAt((int) bits & 15));
            }
        }

        String hex(int digits) {
            StringBuilder out = new StringBuilder(digits);
            hex(out, digits);
            return out.toString();
        }

        /** Writes a random UUID (version 4). */
        void uuid(StringBuilder out) {
            hex(out, 8);
            out.append('-');
            hex(out, 4);
            out.append("-4");
            hex(out, 3);
            out.append('-').append(HEX.charAt(8 + below(4)));
            hex(out, 3);
            out.append('-');
            hex(out, 12);
        }

        String uuid() {
            StringBuilder out = new StringBuilder(36);
            uuid(out);
            return out.toString();
        }
    }
}
