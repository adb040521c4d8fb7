namespace Rollouts.Analysis.Expressions.Values;

/// <summary>Counts what an evaluation costs and ends it when that is too much.</summary>
internal interface IMeter
{
    /// <summary>Counts steps: elements looked at, bodies evaluated.</summary>
    void Step(long count = 1);

    /// <summary>Counts what expr-lang counts against its memory budget: elements of arrays and maps, bytes of repeated text.</summary>
    void Grow(long count);

    /// <summary>Counts bytes of text that a function has made.</summary>
    string Made(string text);

    /// <summary>Counts what it takes to compare a value as a whole, or to look it up in a map.</summary>
    void Weigh(object? value);
}
