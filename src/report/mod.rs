//! Reports: text, JSON, CSV, Markdown, text histogram.
