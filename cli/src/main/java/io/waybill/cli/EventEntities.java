package io.waybill.cli;

import io.waybill.cli.EventGenerator.Dice;
import io.waybill.cli.EventGenerator.Visitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The self-describing JSON of {@link EventGenerator}: entities and events of some fifty schemas, from templates. */
final class EventEntities {
    /** How a line's JSON is written: as most libraries do, or as one that escapes more than it must. */
    private enum Style {
        PLAIN,
        QUOTES,
        SLASHES,
        ASCII
    }

    /** What a {@code $name} in a template stands for. */
    private enum Slot {
        UUID,
        PAGE,
        USER,
        SESSION,
        PREVIOUS,
        FIRST,
        N,
        VISIT,
        PHRASE,
        WORD,
        TITLE,
        PATH,
        URL,
        REFERRER,
        HOST,
        LANG,
        CITY,
        COUNTRY,
        CURRENCY,
        LATITUDE,
        LONGITUDE,
        BROWSER,
        VERSION,
        MAJOR,
        OS,
        OSVERSION,
        KIND,
        VIEWPORT,
        DOCUMENT,
        SCREEN,
        INT,
        DIGIT,
        BIG,
        MS,
        TICK,
        MILLIS,
        SECONDS,
        TIME,
        BOOL,
        SHARE,
        TINY,
        MONEY,
        SKU,
        HEX,
        SHA,
        TAG,
        CATEGORY,
        ACTION,
        COLOUR,
        VARIANT,
        CAMPAIGN
    }

    /** A schema and the text of its data between the slots, in each way of writing it. */
    record Template(String vendor, String name, String version, Literals head, Literals data, List<Slot> slots) {}

    /** Pieces of JSON in the ways they can be written. */
    record Literals(List<String> plain, List<String> slashed, List<String> blanked) {}

    /** Where no further entity begins, so that a line stays below about 5 KB. */
    private static final int LONG_LINE = 3_300;

    private static final String SELF = "iglu:com.snowplowanalytics.snowplow/";

    private static final Template WEB_PAGE =
            parse(SELF + "web_page/jsonschema/1-0-0 {\"id\":\"$page\"}").get(0);

    /** Entities that trackers attach, the frequent ones first. */
    private static final List<Template> CUSTOM = parse("""
        iglu:com.snowplowanalytics.snowplow/client_session/jsonschema/1-0-2
          {"userId": "$user", "sessionId": "$session", "eventIndex": $n, "sessionIndex": $visit,
           "previousSessionId": $previous, "storageMechanism": "COOKIE_1", "firstEventId": "$first",
           "firstEventTimestamp": "$time"}
        iglu:com.acme/page/jsonschema/3-1-0
          {"title": "$title", "section": "$category", "language": "$lang", "published": "$time",
           "sections": [{"title": "$phrase", "words": $int}, {"title": "$phrase", "words": $int, "tags": ["$tag"]}],
           "author": {"id": $int, "guest": $bool}}
        iglu:com.snowplowanalytics.snowplow/browser_context/jsonschema/2-0-0
          {"viewport": "$viewport", "documentSize": "$document", "resolution": "$screen", "colorDepth": 24,
           "devicePixelRatio": 2, "cookiesEnabled": true, "online": true, "browserLanguage": "$lang",
           "documentLanguage": "$lang", "webdriver": false, "hardwareConcurrency": 8, "tabId": "$uuid"}
        iglu:com.google.analytics/cookies/jsonschema/1-0-0
          {"_ga": "GA1.2.$int$int.$seconds"}
        iglu:org.w3/PerformanceTiming/jsonschema/1-0-0
          {"navigationStart": $ms, "redirectStart": 0, "redirectEnd": 0, "fetchStart": $tick,
           "domainLookupStart": $tick, "domainLookupEnd": $tick, "connectStart": $tick,
           "secureConnectionStart": $tick, "connectEnd": $tick, "requestStart": $tick, "responseStart": $tick,
           "responseEnd": $tick, "unloadEventStart": 0, "unloadEventEnd": 0, "domLoading": $tick,
           "domInteractive": $tick, "domContentLoadedEventStart": $tick, "domContentLoadedEventEnd": $tick,
           "domComplete": $tick, "loadEventStart": $tick, "loadEventEnd": $tick}
        iglu:com.acme/product/jsonschema/2-0-1
          {"sku": "$sku", "name": "$word", "price": $money, "currency": "$currency", "inStock": $bool,
           "colours": ["$colour", "$colour"], "rating": $share, "tags": ["$tag", "$tag"]}
        iglu:com.acme/user/jsonschema/2-1-0
          {"id": "$sha", "plan": "$variant", "since": "$time", "orders": $digit, "country": "$country",
           "lifetimeValue": $money, "flags": {"beta": $bool, "newsletter": $bool}}
        iglu:com.google.ga4/cookies/jsonschema/1-0-0
          {"_ga": "GA1.1.$int$int.$seconds",
           "session_cookies": [{"measurement_id": "G-EXAMPLE$digit", "session_cookie": "GS1.1.$seconds.$visit.1"}]}
        iglu:com.acme/experiment/jsonschema/1-0-0
          {"name": "$campaign", "variant": "$variant", "bucket": $int}
        iglu:com.acme/consent_state/jsonschema/1-0-0
          {"analytics": true, "marketing": $bool, "personalisation": $bool, "version": "2026-01", "changed": null}
        iglu:com.snowplowanalytics.snowplow/gdpr/jsonschema/1-0-0
          {"basisForProcessing": "consent", "documentId": "policy-$digit", "documentVersion": "2.1.0",
           "documentDescription": "$phrase"}
        iglu:com.snowplowanalytics.snowplow/client_session/jsonschema/1-0-1
          {"userId": "$user", "sessionId": "$session", "sessionIndex": $visit, "previousSessionId": $previous,
           "storageMechanism": "LOCAL_STORAGE", "firstEventId": "$first"}
        iglu:com.acme/recommendation/jsonschema/1-2-0
          {"model": "nearest-$digit", "score": $share, "latency": $tiny,
           "items": [{"sku": "$sku", "name": "$word", "score": $share},
                     {"sku": "$sku", "name": "$word", "score": $share},
                     {"sku": "$sku", "name": "$word", "score": $share}]}
        iglu:com.snowplowanalytics.snowplow.ecommerce/product/jsonschema/1-0-0
          {"id": "$sku", "name": "$word", "category": "$category/$action", "price": $money, "currency": "$currency",
           "quantity": $digit, "variant": "$colour", "brand": "Acme", "position": $digit}
        iglu:com.snowplowanalytics.snowplow.ecommerce/page/jsonschema/1-0-0
          {"type": "$category", "language": "$lang", "locale": "$country"}
        iglu:com.snowplowanalytics.snowplow.ecommerce/cart/jsonschema/1-0-0
          {"cart_id": "$uuid", "total_value": $money, "currency": "$currency"}
        iglu:com.acme-corp/loyalty-card/jsonschema/1-0-0
          {"points": $int, "tier": "gold", "cardNumber": $big, "validUntil": "2027-12-31"}
        iglu:org.w3/PerformanceNavigationTiming/jsonschema/1-0-0
          {"entryType": "navigation", "duration": $millis, "nextHopProtocol": "h2", "redirectCount": 0,
           "requestStart": $millis, "responseStart": $millis, "responseEnd": $millis, "transferSize": $int,
           "encodedBodySize": $int, "decodedBodySize": $int, "type": "navigate", "domComplete": $millis}
        iglu:com.snowplowanalytics.snowplow/geolocation_context/jsonschema/1-1-0
          {"latitude": $latitude, "longitude": $longitude, "latitudeLongitudeAccuracy": $int, "altitude": null,
           "bearing": null, "speed": null, "timestamp": $ms}
        iglu:com.optimizely.optimizelyx/summary/jsonschema/1-0-0
          {"experimentId": $big, "variationName": "$variant", "variation": $digit, "visitorId": "oeu$ms"}
        iglu:com.acme/product/jsonschema/2-0-0
          {"sku": "$sku", "name": "$word", "price": $money, "currency": "$currency"}
        iglu:com.acme/article/jsonschema/1-0-3
          {"headline": "$phrase", "teaser": "$phrase. $phrase.", "keywords": ["$word", "$word", "$tag"],
           "readingTime": $digit, "paywall": $bool, "related": [[$int, "$path"], [$int, "$path"]]}
        iglu:com.acme/video_player/jsonschema/1-0-0
          {"title": "$phrase", "duration": $millis, "position": $millis, "volume": $share, "muted": $bool,
           "quality": null}
        iglu:org.ietf/http_client_hints/jsonschema/1-0-0
          {"isMobile": $bool, "platform": "$os", "platformVersion": "$osversion",
           "brands": [{"brand": "Not A;Brand", "version": "99"}, {"brand": "$browser", "version": "$major"}]}
        iglu:com.acme/searchFilters/jsonschema/1-0-0
          {"colour": "$colour", "priceFrom": 0.00, "priceTo": $money, "onlyAvailable": $bool, "sort": "price desc"}
        iglu:com.google.tag-manager.server-side/user_data/jsonschema/1-0-0
          {"email_address": "$sha", "address": {"country": "$country", "city": "$city"}}
        iglu:com.acme/device_health/jsonschema/1-0-0
          {"drift": -$tiny, "battery": $share, "counters": {"retries": $digit, "lost": 0, "sequence": $big}}
        iglu:com.acme/product/jsonschema/1-3-0
          {"sku": "$sku", "name": "$word", "price": "$money $currency"}
        iglu:com.acme/empty/jsonschema/1-0-0
          {}
        """);

    /** Entities that enrichments derive, the frequent ones first. */
    private static final List<Template> DERIVED = parse("""
        iglu:com.snowplowanalytics.snowplow/ua_parser_context/jsonschema/1-0-0
          {"useragentFamily": "$browser", "useragentMajor": "$major", "useragentMinor": "0", "useragentPatch": null,
           "useragentVersion": "$browser $version", "osFamily": "$os", "osMajor": null, "osMinor": null,
           "osPatch": null, "osPatchMinor": null, "osVersion": "$os $osversion", "deviceFamily": "$kind"}
        iglu:nl.basjes/yauaa_context/jsonschema/1-0-4
          {"deviceBrand": "Unknown", "deviceName": "$kind", "operatingSystemName": "$os",
           "operatingSystemVersion": "$osversion", "agentClass": "Browser", "agentName": "$browser",
           "agentVersion": "$version", "agentVersionMajor": "$major", "deviceClass": "$kind",
           "agentNameVersionMajor": "$browser $major", "layoutEngineClass": "Browser"}
        iglu:com.iab.snowplow/spiders_and_robots/jsonschema/1-0-0
          {"spiderOrRobot": false, "category": "BROWSER", "reason": "PASSED_ALL", "primaryImpact": "NONE"}
        iglu:org.ietf/http_header/jsonschema/1-0-0
          {"name": "Accept-Language", "value": "$lang;q=0.9,*;q=0.5"}
        iglu:org.ietf/http_cookie/jsonschema/1-0-0
          {"name": "sid", "value": "$hex"}
        iglu:org.openweathermap/weather/jsonschema/1-0-0
          {"dt": "$time", "main": {"temp": 281.$digit, "humidity": $digit, "pressure": 1013.25},
           "wind": {"speed": $share, "deg": $int}, "clouds": {"all": $digit},
           "weather": [{"id": 800, "main": "Clear", "description": "clear sky", "icon": "01d"}]}
        iglu:com.acme/consent_state/jsonschema/1-0-1
          {"analytics": true, "marketing": false, "personalisation": $bool, "version": "server"}
        iglu:com.acme/user/jsonschema/2-2-0
          {"id": "$sha", "segment": "$category", "propensity": $share, "orders": $digit}
        iglu:com.acme.enrichments/price_lookup/jsonschema/1-0-0
          {"rates": {"EUR": 1.0000, "USD": $share, "JPY": $money}, "asOf": "$time",
           "source": "https://rates.example.com/v1"}
        """);

    /** Events of their own schema, the frequent ones first. */
    private static final List<Template> EVENTS = parse("""
        iglu:com.snowplowanalytics.snowplow/link_click/jsonschema/1-0-1
          {"targetUrl": "https://$host$path", "elementId": "$category-$digit", "elementClasses": ["btn", "btn-$action"],
           "elementTarget": "_self", "elementContent": "$phrase"}
        iglu:com.snowplowanalytics.snowplow/add_to_cart/jsonschema/1-0-0
          {"sku": "$sku", "name": "$word", "category": "$category", "unitPrice": $money, "quantity": $digit,
           "currency": "$currency"}
        iglu:com.snowplowanalytics.snowplow/submit_form/jsonschema/1-0-0
          {"formId": "form-$digit", "formClasses": ["inline"],
           "elements": [{"name": "topic", "value": "$phrase", "nodeName": "INPUT", "type": "text"},
                        {"name": "agree", "value": null, "nodeName": "INPUT", "type": "checkbox"}]}
        iglu:com.snowplowanalytics.snowplow/site_search/jsonschema/1-0-0
          {"terms": ["$word", "$word"], "filters": {"colour": "$colour", "sale": $bool}, "totalResults": $int,
           "pageResults": $digit}
        iglu:com.snowplowanalytics.snowplow.ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2
          {"type": "product_view", "name": "$word"}
        iglu:com.snowplowanalytics.snowplow/change_form/jsonschema/1-0-0
          {"formId": "form-$digit", "elementId": "$category", "nodeName": "SELECT", "value": "$colour",
           "elementClasses": []}
        iglu:com.snowplowanalytics.snowplow/focus_form/jsonschema/1-0-0
          {"formId": "form-$digit", "elementId": "$category", "nodeName": "INPUT", "elementType": "text", "value": null}
        iglu:com.snowplowanalytics.snowplow/remove_from_cart/jsonschema/1-0-0
          {"sku": "$sku", "unitPrice": $money, "quantity": 1, "currency": "$currency"}
        iglu:com.snowplowanalytics.snowplow/application_error/jsonschema/1-0-1
          {"message": "Cannot read properties of undefined", "programmingLanguage": "JAVASCRIPT", "lineNumber": $int,
           "stackTrace": "at render ($url:$int:$digit)", "fileName": "$url"}
        iglu:com.snowplowanalytics.snowplow/timing/jsonschema/1-0-0
          {"category": "$category", "variable": "render", "timing": $int, "label": "$path"}
        iglu:com.snowplowanalytics.snowplow/social_interaction/jsonschema/1-0-0
          {"action": "share", "network": "Example Social", "target": "$url"}
        iglu:com.snowplowanalytics.snowplow.media/play_event/jsonschema/1-0-0
          {}
        iglu:com.acme/checkout_step/jsonschema/1-1-0
          {"step": $digit, "basket": {"id": "$uuid", "value": $money, "currency": "$currency",
           "lines": [{"sku": "$sku", "name": "$word", "quantity": $digit, "price": $money},
                     {"sku": "$sku", "name": "$word", "quantity": $digit, "price": $money}]}, "voucher": null}
        iglu:com.acme/newsletterSignup/jsonschema/1-0-0
          {"list": "$campaign", "language": "$lang", "address": "$sha", "source": "$referrer"}
        iglu:com.acme-corp/store-locator/jsonschema/1-0-0
          {"near": {"city": "$city", "latitude": $latitude, "longitude": $longitude}, "radius": 1.5E1, "hits": $digit}
        """);

    private final StringBuilder out;
    private final Dice dice;
    private Style style = Style.PLAIN;
    private boolean blanks;
    private long now;
    private long tick;

    EventEntities(StringBuilder out, Dice dice) {
        this.out = out;
        this.dice = dice;
    }

    /** Begins an event that happens at this time. */
    void begin(long millis) {
        now = millis;
        tick = millis - 4_000;
        int of100 = dice.below(100);
        style = of100 < 86 ? Style.PLAIN : of100 < 91 ? Style.QUOTES : of100 < 96 ? Style.SLASHES : Style.ASCII;
    }

    /** Draws the schema of a self-describing event. */
    Template event() {
        return EVENTS.get(dice.low(EVENTS.size()));
    }

    /** Writes the unstruct_event column. */
    void unstruct(Template event, Visitor visitor) {
        blanks = dice.percent(3);
        envelope("unstruct_event/jsonschema/1-0-0");
        entity(event, visitor);
        out.append('}');
    }

    /** Writes the contexts column: the web page and up to seven entities more. */
    void contexts(Visitor visitor) {
        blanks = dice.percent(3);
        envelope("contexts/jsonschema/1-0-0");
        out.append('[');
        entity(WEB_PAGE, visitor);
        others(CUSTOM, 0, dice.low(8), visitor);
        out.append("]}");
    }

    /** Writes the derived_contexts column. */
    void derivedContexts(Visitor visitor) {
        blanks = dice.percent(3);
        envelope("contexts/jsonschema/1-0-1");
        out.append('[');
        entity(DERIVED.get(0), visitor);
        others(DERIVED, 1, dice.below(3), visitor);
        out.append("]}");
    }

    /** Writes entities of different schemas, none of the used ones; the first of the table are drawn more often. */
    private void others(List<Template> table, long alreadyUsed, int count, Visitor visitor) {
        long used = alreadyUsed;
        for (int i = 0; i < count && out.length() < LONG_LINE; i++) {
            int at = dice.low(table.size());
            while ((used >>> at & 1) != 0) {
                at = (at + 1) % table.size();
            }
            used |= 1L << at;
            out.append(blanks ? ", " : ",");
            entity(table.get(at), visitor);
        }
    }

    private void envelope(String schema) {
        out.append(blanks ? "{ \"schema\" : \"" : "{\"schema\":\"");
        text(SELF);
        text(schema);
        out.append(blanks ? "\", \"data\" : " : "\",\"data\":");
    }

    private void entity(Template template, Visitor visitor) {
        boolean dataFirst = dice.percent(4);
        out.append('{');
        if (!dataFirst) {
            out.append(variant(template.head).get(0)).append(blanks ? ", " : ",");
        }
        out.append(blanks ? "\"data\": " : "\"data\":");
        List<String> literals = variant(template.data);
        List<Slot> slots = template.slots;
        for (int i = 0; i < slots.size(); i++) {
            out.append(literals.get(i));
            value(slots.get(i), visitor);
        }
        out.append(literals.get(slots.size()));
        if (dataFirst) {
            out.append(blanks ? ", " : ",").append(variant(template.head).get(0));
        }
        out.append('}');
    }

    private List<String> variant(Literals literals) {
        return blanks ? literals.blanked : style == Style.SLASHES ? literals.slashed : literals.plain;
    }

    private void value(Slot slot, Visitor visitor) {
        switch (slot) {
            case UUID -> dice.uuid(out);
            case PAGE -> out.append(visitor.pageId);
            case USER -> out.append(visitor.domainUserId);
            case SESSION -> out.append(visitor.sessionId);
            case PREVIOUS -> previousSession(visitor);
            case FIRST -> out.append(visitor.firstEventId);
            case N -> out.append(visitor.eventIndex);
            case VISIT -> out.append(visitor.sessionIndex);
            case PHRASE -> phrase(dice.pick(visitor.language.phrases()));
            case WORD -> phrase(dice.pick(visitor.language.words()));
            case TITLE -> phrase(visitor.title);
            case PATH -> text(visitor.path);
            case URL -> text(visitor.url);
            case REFERRER -> text(visitor.referrerUrl);
            case HOST -> text(visitor.site.host());
            case LANG -> text(visitor.browserLanguage);
            case CITY -> text(visitor.place.city());
            case COUNTRY -> text(visitor.place.country());
            case CURRENCY -> text(visitor.place.currency());
            case LATITUDE -> EventGenerator.fixed(out, visitor.latitude, 4);
            case LONGITUDE -> EventGenerator.fixed(out, visitor.longitude, 4);
            case BROWSER -> text(visitor.device.browser());
            case VERSION -> text(visitor.device.version());
            case MAJOR -> text(visitor.device.major());
            case OS -> text(visitor.device.os());
            case OSVERSION -> text(visitor.device.osVersion());
            case KIND -> text(visitor.device.kind());
            case VIEWPORT -> size(visitor.viewWidth, visitor.viewHeight);
            case DOCUMENT -> size(visitor.viewWidth, visitor.docHeight);
            case SCREEN -> size(visitor.device.width(), visitor.device.height());
            default -> random(slot);
        }
    }

    private void random(Slot slot) {
        switch (slot) {
            case INT -> out.append(dice.below(10_000));
            case DIGIT -> out.append(1 + dice.below(9));
            case BIG -> out.append(1_000_000_000L + (dice.next() >>> (dice.percent(20) ? 2 : 24)));
            case MS -> out.append(tick);
            case TICK -> out.append(tick += dice.below(90));
            case MILLIS -> EventGenerator.fixed(out, dice.below(4_000_000), 3);
            case SECONDS -> out.append((now - dice.below(1 << 30)) / 1_000);
            case TIME -> EventGenerator.isoTime(out, now - dice.below(3_600_000));
            case BOOL -> out.append(dice.percent(50));
            case SHARE -> EventGenerator.fixed(out, dice.below(10_000), 4);
            case TINY ->
                out.append(1 + dice.below(9))
                        .append('.')
                        .append(dice.below(100))
                        .append("e-")
                        .append(3 + dice.below(5));
            case MONEY -> EventGenerator.fixed(out, 99 + dice.low(30_000), 2);
            case SKU -> out.append("SKU-").append(10_000 + dice.low(4_000));
            case HEX -> dice.hex(out, 32);
            case SHA -> dice.hex(out, 64);
            case TAG -> text(dice.pick(EventVocabulary.TAGS));
            case CATEGORY -> text(dice.pick(EventVocabulary.CATEGORIES));
            case ACTION -> text(dice.pick(EventVocabulary.ACTIONS));
            case COLOUR -> text(dice.pick(EventVocabulary.COLOURS));
            case VARIANT -> text(dice.pick(EventVocabulary.VARIANTS));
            case CAMPAIGN -> text(dice.pick(EventVocabulary.CAMPAIGNS));
            default -> throw new IllegalStateException("no value for " + slot);
        }
    }

    private void previousSession(Visitor visitor) {
        if (visitor.previousSessionId.isEmpty()) {
            out.append("null");
        } else {
            out.append('"').append(visitor.previousSessionId).append('"');
        }
    }

    private void size(int width, int height) {
        out.append(width).append('x').append(height);
    }

    private void phrase(String text) {
        if (style == Style.QUOTES) {
            out.append("\\\"").append(text).append("\\\"");
        } else {
            text(text);
        }
    }

    /** Writes text of the vocabulary or a URL, which never needs an escape, in the style of the line. */
    private void text(String text) {
        if (style == Style.PLAIN || style == Style.QUOTES) {
            out.append(text);
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '/' && style == Style.SLASHES) {
                out.append("\\/");
            } else if (c > 0x7e && style == Style.ASCII) {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(Dice.HEX.charAt(c >>> shift & 15));
                }
            } else {
                out.append(c);
            }
        }
    }

    /** The templates of a text in which each begins with its schema; blanks outside of JSON strings do not count. */
    private static List<Template> parse(String text) {
        List<Template> templates = new ArrayList<>();
        for (String one : text.strip().split("(?m)^(?=iglu:)", -1)) {
            String uri = one.split("\\s", 2)[0];
            String[] parts = uri.substring("iglu:".length()).split("/", -1);
            List<Slot> slots = new ArrayList<>();
            String head = "\"schema\":\"" + uri + "\"";
            templates.add(new Template(
                    parts[0],
                    parts[1],
                    parts[3],
                    variants(List.of(head)),
                    variants(pieces(one.substring(uri.length()), slots)),
                    List.copyOf(slots)));
        }
        return List.copyOf(templates);
    }

    /** Cuts a template at its slots: always one piece more than slots. */
    private static List<String> pieces(String json, List<Slot> slots) {
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        boolean inString = false;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            inString ^= c == '"';
            if (c == '$') {
                int end = i + 1;
                while (end < json.length() && json.charAt(end) >= 'a' && json.charAt(end) <= 'z') {
                    end++;
                }
                slots.add(Slot.valueOf(json.substring(i + 1, end).toUpperCase(Locale.ROOT)));
                pieces.add(piece.toString());
                piece.setLength(0);
                i = end - 1;
            } else if (inString || !Character.isWhitespace(c)) {
                piece.append(c);
            }
        }
        pieces.add(piece.toString());
        return pieces;
    }

    /** The three ways to write the pieces; a string can go on from one piece to the next. */
    private static Literals variants(List<String> pieces) {
        List<String> slashed = new ArrayList<>();
        List<String> blanked = new ArrayList<>();
        boolean inString = false;
        for (String piece : pieces) {
            slashed.add(piece.replace("/", "\\/"));
            StringBuilder wide = new StringBuilder();
            for (int i = 0; i < piece.length(); i++) {
                char c = piece.charAt(i);
                inString ^= c == '"';
                wide.append(c);
                if (!inString && (c == ':' || c == ',')) {
                    wide.append(' ');
                }
            }
            blanked.add(wide.toString());
        }
        return new Literals(List.copyOf(pieces), List.copyOf(slashed), List.copyOf(blanked));
    }
}
