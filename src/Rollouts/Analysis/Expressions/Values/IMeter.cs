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
}
