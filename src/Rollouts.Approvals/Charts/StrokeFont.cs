using System.Collections.Frozen;

namespace Rollouts.Approvals.Charts;

/// <summary>
/// Letters as strokes on a grid four wide and six high (below it two more for what hangs down), so that the picture looks the same on every machine,
/// whether it has fonts or not. A glyph is strokes between bars, a stroke its points, a point two digits: across and down.
/// </summary>
internal static class StrokeFont
{
    /// <summary>From one letter to the next, in units of the grid.</summary>
    private const double Advance = 5.6;

    private static readonly FrozenDictionary<char, string> Glyphs = new Dictionary<char, string>
    {
        ['0'] = "10 30 41 45 36 16 05 01 10",
        ['1'] = "11 20 26|16 36",
        ['2'] = "01 10 30 41 42 06 46",
        ['3'] = "01 10 30 41 42 33 44 45 36 16 05|13 33",
        ['4'] = "36 30 04 44",
        ['5'] = "40 00 02 32 43 45 36 16 05",
        ['6'] = "30 10 01 05 16 36 45 44 33 03",
        ['7'] = "00 40 16",
        ['8'] = "13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33",
        ['9'] = "43 13 02 01 10 30 41 45 36 16",
        ['A'] = "06 20 46|14 34",
        ['B'] = "03 33 42 41 30 00 06 36 45 44 33",
        ['C'] = "41 30 10 01 05 16 36 45",
        ['D'] = "00 20 42 44 26 06 00",
        ['E'] = "40 00 06 46|03 33",
        ['F'] = "40 00 06|03 33",
        ['G'] = "41 30 10 01 05 16 36 45 43 23",
        ['H'] = "00 06|40 46|03 43",
        ['I'] = "10 30|20 26|16 36",
        ['J'] = "40 45 36 16 05",
        ['K'] = "00 06|40 03 46",
        ['L'] = "00 06 46",
        ['M'] = "06 00 23 40 46",
        ['N'] = "06 00 46 40",
        ['O'] = "10 30 41 45 36 16 05 01 10",
        ['P'] = "06 00 30 41 42 33 03",
        ['Q'] = "10 30 41 45 36 16 05 01 10|34 46",
        ['R'] = "06 00 30 41 42 33 03|23 46",
        ['S'] = "41 30 10 01 02 13 33 44 45 36 16 05",
        ['T'] = "00 40|20 26",
        ['U'] = "00 05 16 36 45 40",
        ['V'] = "00 26 40",
        ['W'] = "00 16 23 36 40",
        ['X'] = "00 46|40 06",
        ['Y'] = "00 23 40|23 26",
        ['Z'] = "00 40 06 46",
        ['a'] = "42 46|43 32 12 03 05 16 36 45",
        ['b'] = "00 06|03 12 32 43 45 36 16 05",
        ['c'] = "43 32 12 03 05 16 36 45",
        ['d'] = "40 46|43 32 12 03 05 16 36 45",
        ['e'] = "04 44 43 32 12 03 05 16 36 45",
        ['f'] = "30 20 11 16|02 32",
        ['g'] = "42 47 38 18|43 32 12 03 05 16 36 45",
        ['h'] = "00 06|03 12 32 43 46",
        ['i'] = "22 26|20 20",
        ['j'] = "22 27 18 08|20 20",
        ['k'] = "00 06|32 04 36",
        ['l'] = "10 20 25 36",
        ['m'] = "02 06|03 12 23 26|23 32 43 46",
        ['n'] = "02 06|03 12 32 43 46",
        ['o'] = "12 32 43 45 36 16 05 03 12",
        ['p'] = "02 08|03 12 32 43 45 36 16 05",
        ['q'] = "42 48|43 32 12 03 05 16 36 45",
        ['r'] = "02 06|03 12 32",
        ['s'] = "43 32 12 03 14 34 45 36 16 05",
        ['t'] = "10 15 26 36|02 32",
        ['u'] = "02 05 16 36 45|42 46",
        ['v'] = "02 26 42",
        ['w'] = "02 16 23 36 42",
        ['x'] = "02 46|42 06",
        ['y'] = "02 05 16 36 45|42 47 38 18",
        ['z'] = "02 42 06 46",
        ['.'] = "26 26",
        [','] = "26 17",
        [':'] = "23 23|26 26",
        [';'] = "23 23|26 17",
        ['-'] = "14 34",
        ['_'] = "07 47",
        ['/'] = "06 40",
        ['\\'] = "00 46",
        ['%'] = "06 40|00 10 11 01 00|35 45 46 36 35",
        ['<'] = "41 03 45",
        ['>'] = "01 43 05",
        ['='] = "03 43|05 45",
        ['+'] = "22 26|04 44",
        ['*'] = "22 26|03 45|43 05",
        ['('] = "30 21 25 36",
        [')'] = "10 21 25 16",
        ['['] = "30 20 26 36",
        [']'] = "10 20 26 16",
        ['{'] = "30 21 22 13 24 25 36",
        ['}'] = "10 21 22 33 24 25 16",
        ['!'] = "20 24|26 26",
        ['?'] = "01 10 30 41 42 23 24|26 26",
        ['\''] = "20 22",
        ['`'] = "10 22",
        ['"'] = "10 12|30 32",
        ['#'] = "10 16|30 36|02 42|04 44",
        ['|'] = "20 28",
        ['&'] = "46 02 01 10 21 22 04 05 16 26 44",
        ['@'] = "34 14 12 32 35 45 41 30 10 01 05 16 36",
        ['~'] = "04 13 34 43",
        ['^'] = "02 20 42",
        ['$'] = "41 01 03 43 45 05|20 26",
        ['…'] = "06 06|26 26|46 46",
        ['–'] = "04 44",
    }.ToFrozenDictionary();

    /// <summary>Draws a line of text.</summary>
    /// <param name="canvas">Where.</param>
    /// <param name="x">The left edge.</param>
    /// <param name="baseline">On what the letters stand.</param>
    /// <param name="text">A character that the font does not have is drawn as a question mark.</param>
    /// <param name="height">Of a capital, in pixels.</param>
    /// <param name="colour">Of the ink.</param>
    /// <param name="thickness">Of the strokes.</param>
    public static void Draw(Canvas canvas, double x, double baseline, string text, double height, int colour, double thickness = 1.3)
    {
        double unit = height / 6;
        foreach (char letter in text)
        {
            string glyph = letter == ' ' ? "" : Glyphs.GetValueOrDefault(letter, Glyphs['?']);
            foreach (string stroke in glyph.Split('|', StringSplitOptions.RemoveEmptyEntries))
            {
                (double X, double Y)[] points = [.. stroke.Split(' ').Select(p => (x + ((p[0] - '0') * unit), baseline + ((p[1] - '6') * unit)))];
                for (int i = 1; i < points.Length; i++)
                {
                    canvas.Line(points[i - 1].X, points[i - 1].Y, points[i].X, points[i].Y, thickness, colour);
                }
            }

            x += Advance * unit;
        }
    }

    /// <summary>How wide a text is, in pixels.</summary>
    public static double Width(string text, double height) => text.Length == 0 ? 0 : ((text.Length * Advance) - (Advance - 4)) * height / 6;
}
