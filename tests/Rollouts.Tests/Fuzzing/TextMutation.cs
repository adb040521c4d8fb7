namespace Rollouts.Tests.Fuzzing;

/// <summary>Damages texts.</summary>
internal static class TextMutation
{
    /// <param name="text">What is damaged.</param>
    /// <param name="pieces">What may be put into it.</param>
    /// <param name="random">Where and how.</param>
    public static string Mutate(string text, IReadOnlyList<string> pieces, Random random)
    {
        for (int changes = random.Next(1, 4); changes > 0; changes--)
            text = Change(text, pieces, random);
        return text;
    }

    private static string Change(string text, IReadOnlyList<string> pieces, Random random)
    {
        string piece = pieces[random.Next(pieces.Count)];
        if (text.Length < 2)
            return piece;
        int at = random.Next(text.Length);
        int length = Math.Min(text.Length - at, random.Next(1, 20));
        switch (random.Next(10))
        {
            case 0:
                return text.Remove(at, length);
            case 1:
                return text.Insert(at, piece);
            case 2:
                return text.Insert(at, $" {piece} ");
            case 3:
                return text.Remove(at, 1).Insert(at, ((char)random.Next(1, 0x2FF)).ToString());
            case 4:
                return text.Insert(at, text.Substring(at, length));
            case 5:
                return text.Insert(at, text.Substring(random.Next(text.Length - length + 1), length));
            case 6:
                return text[..at];
            default:
                return Lines(text, random);
        }
    }

    private static string Lines(string text, Random random)
    {
        string[] lines = text.Split('\n');
        int line = random.Next(lines.Length);
        return random.Next(3) switch
        {
            0 => string.Join('\n', lines.Where((_, i) => i != line)),
            1 => string.Join('\n', lines.Select((l, i) => i == line ? "  " + l : l)),
            _ => string.Join('\n', lines.Take(line).Append(lines[random.Next(lines.Length)]).Concat(lines.Skip(line))),
        };
    }
}
