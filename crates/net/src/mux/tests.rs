//! What a peer that breaks the rules of the frames meets, and what holds for every order of events.
