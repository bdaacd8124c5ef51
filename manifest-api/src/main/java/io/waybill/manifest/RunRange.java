package io.waybill.manifest;

import org.jspecify.annotations.Nullable;

/**
 * A range of run ids in the order of their UTF-8 bytes: from a first key, included, to a last key, left out.
 *
 * <p>The bounds are any text; they need not be valid run ids.
 *
 * @param from the smallest key in the range; empty text for no lower bound
 * @param to the first key behind the range; null for no upper bound
 */
public record RunRange(String from, @Nullable String to) {

    /**
     * The range that holds every run id.
     *
     * @return the range without bounds
     */
    public static RunRange all() {
        return new RunRange("", null);
    }

    /**
     * The run ids that begin with a text.
     *
     * @param prefix what the keys begin with; empty text for all
     * @return the range of exactly those keys
     */
    public static RunRange startingWith(String prefix) {
        int end = prefix.length();
        while (end > 0) {
            int last = prefix.codePointBefore(end);
            end -= Character.charCount(last);
            if (last < Character.MAX_CODE_POINT) {
                int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
                return new RunRange(prefix, prefix.substring(0, end) + Character.toString(next));
            }
        }
        return new RunRange(prefix, null);
    }

    /**
     * Whether a run's id lies in this range.
     *
     * @param run the run
     * @return true if {@code from <= run < to}
     */
    public boolean contains(RunId run) {
        return Texts.compareUtf8(run.key(), from) >= 0 && (to == null || Texts.compareUtf8(run.key(), to) < 0);
    }
}
